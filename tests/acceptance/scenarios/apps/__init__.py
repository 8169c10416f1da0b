"""The applications of the scenarios."""
