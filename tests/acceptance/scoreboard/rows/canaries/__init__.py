"""Row 18, on secrets and personal data."""
