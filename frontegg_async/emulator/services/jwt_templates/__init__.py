"""The rules, the rows and the switches of JWT templates."""
