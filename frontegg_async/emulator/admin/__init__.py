"""The admin verbs: what tests and people do to an emulator, and the admin API that calls them."""
