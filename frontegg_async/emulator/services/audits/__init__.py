"""The emulation of audits."""
