"""The rules and the rows of security policies."""
