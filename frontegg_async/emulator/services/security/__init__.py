"""The emulation of security policies."""
