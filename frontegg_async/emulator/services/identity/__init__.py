"""The emulation of operations that concern the environment itself."""
