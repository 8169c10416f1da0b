"""The rules of migrations of users, and the check of migrated password hashes."""
