"""Decode JSON into models: the fast path, the slow path that is its reference, and size limits."""
