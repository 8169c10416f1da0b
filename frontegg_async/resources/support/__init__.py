"""Shared parts of the resources: batches, listings, moves, and recovery of writes whose response was lost."""
