"""Read environment files completely, merge the files, and report every fault with its line and column."""
