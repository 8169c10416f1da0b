"""Generates ``frontegg_sync``, and parts of ``frontegg_async``, from the source text of ``frontegg_async``."""
