"""From a CRM export to cells, and from cells to a result: where deals stand and where they were lost."""
