"""Tests of the middleware for any ASGI app."""
