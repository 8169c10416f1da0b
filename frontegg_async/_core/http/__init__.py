"""HTTP: sessions, connections, one attempt of a request, its time limits and its URL."""
