"""Security policies of one tenant: how its users sign in, and from where."""
