"""The rules and the rows of custom events."""
