"""The rules and the switches of the signed-in user."""
