"""Row 33, on all writes under faults."""
