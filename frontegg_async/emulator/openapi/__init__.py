"""The OpenAPI document of what the emulator serves."""
