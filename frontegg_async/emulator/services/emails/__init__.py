"""The rows of e-mails, and the function that sends them."""
