"""Faults: what a fault may say, and which requests each of them has met."""
