"""The rules, the rows and the switches of SSO configurations."""
