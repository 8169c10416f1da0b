"""The rules and the switches of the user who calls."""
