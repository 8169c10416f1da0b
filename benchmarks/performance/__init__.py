"""The goals of speed and memory, each a ratio to what a user would take instead, in one run."""
