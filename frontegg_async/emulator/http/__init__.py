"""The HTTP server of the emulator: reads requests, creates responses and sends them."""
