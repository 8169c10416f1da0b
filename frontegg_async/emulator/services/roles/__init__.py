"""The emulation of roles, permissions and groups."""
