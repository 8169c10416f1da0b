"""Integrations with other libraries: one module each, which needs the extra of the same name."""
