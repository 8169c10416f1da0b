"""Read environment files completely, merge their layers, and report every fault with its place."""
