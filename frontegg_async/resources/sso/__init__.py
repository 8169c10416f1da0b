"""SSO: how users sign in with the identity providers of their tenants."""
