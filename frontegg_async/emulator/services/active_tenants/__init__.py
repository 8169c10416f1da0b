"""The rules and the rows of the tenants in which users work, for each application."""
