"""The rules of e-mail addresses, phone numbers and user names of users."""
