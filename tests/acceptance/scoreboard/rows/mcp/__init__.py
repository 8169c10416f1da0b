"""Rows on the MCP server."""
