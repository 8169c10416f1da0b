"""The admin verbs, which tests and users control an emulator with, and the admin API that calls them."""
