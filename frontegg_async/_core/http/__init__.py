"""HTTP: sessions, the connection pool, one attempt of a request, its timeout and its URL."""
