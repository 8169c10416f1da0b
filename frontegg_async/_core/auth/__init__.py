"""Tokens and keys: how they are obtained, cached, renewed and verified."""
