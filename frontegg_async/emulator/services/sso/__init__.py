"""The rules and the rows of SSO configurations."""
