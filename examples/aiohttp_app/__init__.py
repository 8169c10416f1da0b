"""An aiohttp server app: customers see their accounts, and owners change their plan."""
