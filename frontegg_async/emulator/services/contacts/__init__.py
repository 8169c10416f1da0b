"""The e-mail addresses and phone numbers that users have, and the codes that verify them."""
