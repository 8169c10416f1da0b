"""Helpers that several tests share, such as servers, and clients with an injected clock."""
