"""Complete pictures of the accounts."""
