"""What several rows use."""
