"""The emulation of temporary users and of the flags that users have."""
