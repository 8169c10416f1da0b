"""The HTTP server: serves requests from their heads to their encoded responses."""
