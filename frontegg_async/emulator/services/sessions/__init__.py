"""The emulation of sessions, and the tokens that they issue."""
