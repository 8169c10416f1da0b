"""Tokens and rate limits that the processes of a fleet share."""
