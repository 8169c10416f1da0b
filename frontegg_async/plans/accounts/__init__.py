"""Compare accounts in files with accounts in the environment, and derive the changes of a plan."""
