"""The row on all writes under faults."""
