"""The HTTP server: reads requests, serves them, and encodes the responses."""
