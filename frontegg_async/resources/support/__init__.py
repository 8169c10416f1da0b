"""Shared code of the resources: batches, listings, moves, and the recovery of writes after a lost response."""
