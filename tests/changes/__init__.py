"""Differences between snapshots."""
