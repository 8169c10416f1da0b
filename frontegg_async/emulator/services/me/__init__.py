"""The rules of the user who calls."""
