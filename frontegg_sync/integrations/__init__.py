"""Integrations of the blocking SDK with frameworks: one module each, which needs the extra of the same name."""
