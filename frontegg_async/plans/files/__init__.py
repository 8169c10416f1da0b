"""Read accounts files completely, and report every fault with its line and column."""
