"""The rules and the switches of the account settings of tenants."""
