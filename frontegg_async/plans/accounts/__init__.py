"""Accounts of files beside those of the environment: what differs, and what a plan may do about it."""
