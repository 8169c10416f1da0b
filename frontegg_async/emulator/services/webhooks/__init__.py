"""The rules, the rows and the switches of webhooks, prehooks and definitions of events."""
