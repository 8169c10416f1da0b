"""Row 38, on the guards of web frameworks."""
