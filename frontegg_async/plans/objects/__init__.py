"""Objects of files beside those of the environment or of an account: what differs."""
