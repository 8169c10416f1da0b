"""The emulation of flags of users and of temporary users."""
