"""The emulation of operations that concern the signed-in user."""
