"""Faults, which are failures on purpose: their definition, and a ledger that counts the matching requests."""
