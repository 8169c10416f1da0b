"""The rules of migrations of users, and the check of the hashes that they bring."""
