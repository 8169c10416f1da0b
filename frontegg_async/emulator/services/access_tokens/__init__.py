"""The emulation of access tokens."""
