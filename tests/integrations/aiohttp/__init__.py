"""Tests of the aiohttp integration, with real apps on loopback."""
