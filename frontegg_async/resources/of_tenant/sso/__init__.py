"""Single sign-on (SSO) of one tenant, whose users sign in with the tenant's identity providers."""
