"""The rules, the rows and the switch of user sources."""
