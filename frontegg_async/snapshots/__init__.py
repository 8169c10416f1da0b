"""Snapshots: complete pictures of the accounts of an environment, in the order of their ids."""
