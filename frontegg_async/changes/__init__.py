"""Changes: the differences between two snapshots as values, and what is written of them."""
