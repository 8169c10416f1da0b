"""Switches for the behaviours of the service that no source documents."""
