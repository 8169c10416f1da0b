"""The emulation of invitations."""
