"""The rules and the switches of sessions, and the tokens that they issue."""
