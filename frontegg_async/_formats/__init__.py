"""Formats to write and read records: CSV, JSON, JSON Lines, YAML, Markdown, and tables for people."""
