"""The rules and the rows of migrations."""
