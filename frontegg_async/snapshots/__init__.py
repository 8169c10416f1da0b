"""Snapshots: complete copies of the accounts of an environment, ordered by id."""
