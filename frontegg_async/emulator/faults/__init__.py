"""Faults: their definition, and the ledger that counts the matched requests of each fault."""
