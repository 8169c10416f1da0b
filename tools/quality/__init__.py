"""Measurements of the code and slow checks. They run on a schedule instead of for each change."""
