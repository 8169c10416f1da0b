"""Checks of arguments and settings, each with an error that names what is wrong and what is allowed."""
