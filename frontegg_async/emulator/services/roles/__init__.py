"""The rules and the rows of roles, permissions and groups."""
