"""Generates ``frontegg_sync`` from the source text of ``frontegg_async``."""
