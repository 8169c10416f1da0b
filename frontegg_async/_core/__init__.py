"""The internals of the clients: private, and subject to change without notice."""
