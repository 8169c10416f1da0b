"""The rules and the rows of API tokens."""
