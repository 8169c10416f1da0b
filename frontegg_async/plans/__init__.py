"""Accounts as code: files that say how accounts should be, and plans of the changes."""
