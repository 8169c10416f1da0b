"""The emulation of tenants."""
