"""The rows and the rules of passwords of users."""
