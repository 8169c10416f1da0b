"""The rules, the rows and the switches of invitations."""
