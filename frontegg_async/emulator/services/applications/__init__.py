"""The emulation of applications."""
