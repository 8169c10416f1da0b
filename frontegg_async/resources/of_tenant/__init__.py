"""Resources of one tenant, or of one user in a tenant. Their methods take no tenant id."""
