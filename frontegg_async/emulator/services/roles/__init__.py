"""The rules, the rows and the switches of roles, permissions and groups."""
