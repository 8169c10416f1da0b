"""What several tests use: servers of our own, and clients with a clock that is passed in."""
