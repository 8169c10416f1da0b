"""Tokens and keys: how they are fetched, cached, refreshed and verified."""
