"""Integrations of the blocking SDK with frameworks. Each module needs the extra of the same name."""
