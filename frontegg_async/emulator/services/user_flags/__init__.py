"""The rules of users' flags and of temporary users, and the row of the setting for temporary users."""
