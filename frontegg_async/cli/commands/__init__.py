"""The commands that are written by hand."""
