"""Security policies of tenants: how their users sign in, and from where."""
