"""aiohttp, with real apps that are served on loopback."""
