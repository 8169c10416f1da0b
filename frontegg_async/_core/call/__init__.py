"""A call, from its arguments to its value or its error: checks, retries, rate limits and observers."""
