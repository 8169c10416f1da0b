"""The rules and the switches of an environment itself."""
