"""The rules and the rows of access tokens."""
