"""The rules of links for the activation of users, and for new passwords."""
