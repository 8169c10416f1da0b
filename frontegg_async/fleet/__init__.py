"""Share tokens and rate limits among processes. A failing store never makes a call fail."""
