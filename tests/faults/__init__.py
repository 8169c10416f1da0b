"""The tools that make a network fail on purpose."""
