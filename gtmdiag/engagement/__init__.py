"""The client's folder: what it may hold, how it is opened, checked and saved."""
