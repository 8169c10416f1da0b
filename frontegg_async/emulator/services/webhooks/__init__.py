"""The emulation of webhooks, prehooks and definitions of events."""
