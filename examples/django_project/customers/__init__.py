"""Pages for customers: a list, a page for each with its sub-accounts, a form for new ones; and an API for customers."""
