"""The emulation of SSO configurations."""
