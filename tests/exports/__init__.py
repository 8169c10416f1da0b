"""Exports, and their differences."""
