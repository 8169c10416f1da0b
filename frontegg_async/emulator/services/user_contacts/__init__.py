"""The emulation of users' e-mail addresses, phone numbers and user names."""
