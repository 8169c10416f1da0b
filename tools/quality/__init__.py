"""Measures of the code and heavy checks, for schedules and not for each change."""
