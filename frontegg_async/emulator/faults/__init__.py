"""Faults: their definition, and the ledger that counts the requests that each has matched."""
