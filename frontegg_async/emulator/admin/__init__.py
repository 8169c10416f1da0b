"""The admin verbs (methods with which tests and users control an emulator) and the admin API that calls them."""
