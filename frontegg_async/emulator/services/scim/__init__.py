"""The rules and the rows of SCIM configurations."""
