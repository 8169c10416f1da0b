"""The comparison of two snapshots of accounts: the differences as values, and output formats for them."""
