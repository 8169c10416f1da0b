"""Checks of values from outside: arguments of verbs, and JSON."""
