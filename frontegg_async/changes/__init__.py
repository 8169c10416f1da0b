"""Changes: the differences between two snapshots as values, and their output formats."""
