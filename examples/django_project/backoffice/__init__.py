"""The project: settings, addresses, and the doors of servers."""
