"""The migrations of a mirror, which Alembic runs."""
