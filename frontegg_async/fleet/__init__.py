"""Share tokens and rate limits among processes; a store that fails never fails a call."""
