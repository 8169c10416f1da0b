"""The rules and the rows of JWT templates."""
