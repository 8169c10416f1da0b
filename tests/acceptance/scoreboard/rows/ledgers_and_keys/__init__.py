"""Row 50: ledgers that were damaged or are used twice, keys that glitch or rotate, and signals in the first call."""
