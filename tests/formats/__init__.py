"""How records are written and read back."""
