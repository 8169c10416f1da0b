"""Bulk work: any number of tenants, with a ledger that outlives the process."""
