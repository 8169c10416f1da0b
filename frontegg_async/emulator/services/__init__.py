"""The emulation of all operations. Each subject has a folder with rules (functions that serve operations) and data."""
