"""All clients under one folder side by side, from the results.json of each."""
