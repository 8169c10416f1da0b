"""The rules and the rows of invitations."""
