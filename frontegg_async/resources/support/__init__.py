"""What the resources share: batches, listings, moves, and the recovery of writes whose response was lost."""
