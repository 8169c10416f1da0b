"""Compare objects in files with objects of the environment or of an account."""
