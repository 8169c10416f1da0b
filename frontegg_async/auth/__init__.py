"""The life of credentials and tokens."""
