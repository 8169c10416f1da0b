"""Row 55: a mirror whose events come badly and whose workers are killed."""
