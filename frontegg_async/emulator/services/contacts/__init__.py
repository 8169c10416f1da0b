"""The e-mail addresses and phone numbers of users, and the codes that verify them."""
