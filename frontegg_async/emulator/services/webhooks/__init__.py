"""The rules and the rows of webhooks, prehooks and definitions of events."""
