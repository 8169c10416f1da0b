"""An MCP server for accounts that cannot do harm: assistants read, and propose plans that people apply."""
