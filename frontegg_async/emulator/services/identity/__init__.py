"""The rules of an environment itself."""
