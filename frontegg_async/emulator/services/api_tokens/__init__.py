"""The emulation of API tokens."""
