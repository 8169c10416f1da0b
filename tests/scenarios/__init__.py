"""The scenarios, in their short forms."""
