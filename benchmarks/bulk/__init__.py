"""Measures of bulk work."""
