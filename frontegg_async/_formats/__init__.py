"""Formats for records: CSV, JSON, JSON Lines, YAML, Markdown, and tables for people."""
