"""What to answer when a call of the SDK failed."""
