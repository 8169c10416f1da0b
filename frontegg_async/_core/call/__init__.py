"""The life of a call: admission, attempts, retries, rate limits, errors and observers."""
