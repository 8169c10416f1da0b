"""Managed objects: the objects that files have beside accounts."""
