"""The rules and the switches of tenants."""
