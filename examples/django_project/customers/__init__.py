"""The pages about customers: a list, one with all below it, and a form for a new one; and an API for themselves."""
