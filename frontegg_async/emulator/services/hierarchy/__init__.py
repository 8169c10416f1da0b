"""The rules and the rows of the hierarchy of tenants."""
