"""stub for now."""
