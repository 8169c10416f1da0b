"""Decode JSON into models: the fast path, the slow path (which defines the result of both), and size limits."""
