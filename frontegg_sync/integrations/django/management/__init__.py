"""Helpers and commands of ``manage.py``."""
