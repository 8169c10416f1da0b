"""Security policies of one tenant: rules for how, and from where, the tenant's users sign in."""
