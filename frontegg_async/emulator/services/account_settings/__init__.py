"""The emulation of the account settings of tenants."""
