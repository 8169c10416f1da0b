"""The rules of sessions, and the tokens that they issue."""
