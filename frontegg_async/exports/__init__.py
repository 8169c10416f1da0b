"""Exports of all accounts of an environment to a file, and the differences between two of them."""
