"""Files of environments: read them completely, lay them over each other, and report every fault with its place."""
