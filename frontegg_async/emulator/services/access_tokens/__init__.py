"""The rules, the rows and the switches of access tokens."""
