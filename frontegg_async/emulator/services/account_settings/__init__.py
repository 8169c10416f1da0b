"""The rules of the account settings of tenants."""
