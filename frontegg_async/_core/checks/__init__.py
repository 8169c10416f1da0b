"""Checks of arguments and settings. Each error names the argument or setting, and what is allowed."""
