"""Between the bytes of JSON and models: the fast path, the slow path that it must agree with, and limits."""
