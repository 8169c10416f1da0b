"""The HTTP server: from the head of a request to its encoded response."""
