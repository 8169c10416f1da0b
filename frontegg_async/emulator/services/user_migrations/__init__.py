"""The emulation of migrations of users, with the check of migrated password hashes."""
