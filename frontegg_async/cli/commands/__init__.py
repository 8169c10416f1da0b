"""The handwritten commands."""
