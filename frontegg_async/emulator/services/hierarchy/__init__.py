"""The rules, the rows and the switches of the hierarchy of tenants."""
