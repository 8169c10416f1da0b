"""The emulation of SCIM configurations."""
