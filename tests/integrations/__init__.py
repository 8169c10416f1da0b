"""The integrations of frameworks: each is tested with the framework itself."""
