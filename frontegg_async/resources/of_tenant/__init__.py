"""Resources of one tenant, or of a user in it: no method takes the id of that tenant."""
