"""How records are written, and read back: CSV, JSON, JSON Lines, YAML, Markdown, and tables for people."""
