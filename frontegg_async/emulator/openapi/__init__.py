"""The OpenAPI document of the operations that the emulator serves."""
