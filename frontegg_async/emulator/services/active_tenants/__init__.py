"""The emulation of the user's choice of tenants: the tenants in which a user works, for each application."""
