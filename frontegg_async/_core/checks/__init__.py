"""Checks of arguments and settings; each error names the argument and what is allowed."""
