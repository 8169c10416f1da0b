"""Files of accounts: read them completely, and report every fault with its place."""
