"""Resources of one tenant, or of a user in it: the methods take no tenant id."""
