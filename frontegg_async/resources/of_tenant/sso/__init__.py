"""SSO of one tenant: how its users sign in with its identity providers."""
