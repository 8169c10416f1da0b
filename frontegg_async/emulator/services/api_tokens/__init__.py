"""The rules, the rows and the switches of API tokens."""
