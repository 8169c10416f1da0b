"""Rows 52 and 53: plans that are applied by processes that are killed, and while others change accounts."""
