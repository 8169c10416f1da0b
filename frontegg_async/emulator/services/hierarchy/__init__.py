"""The emulation of the hierarchy of tenants."""
