"""What type checkers see of the public API: mypy and pyright read these modules, and nothing runs them."""
