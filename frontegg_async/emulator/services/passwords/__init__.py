"""The emulation of users' passwords: change, reset, check and policies."""
