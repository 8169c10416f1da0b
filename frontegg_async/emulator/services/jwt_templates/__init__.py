"""The emulation of JWT templates."""
