"""The emulation of custom events, which applications trigger."""
