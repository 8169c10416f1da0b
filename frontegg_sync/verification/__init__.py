"""Verify the tokens of incoming requests, blocking."""
