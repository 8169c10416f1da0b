"""Rows 52 to 54: plans that are applied under kills, while others change accounts, and without showing secrets."""
