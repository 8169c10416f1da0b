"""The emulation of migrations, which move tenants into an environment."""
