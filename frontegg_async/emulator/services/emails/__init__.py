"""The outbox of e-mails: the stored e-mails and links, and the function that adds e-mails."""
