"""The rules and the rows of applications."""
