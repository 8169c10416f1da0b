"""A service on aiohttp's own server: customers see their accounts, and owners change their plan."""
