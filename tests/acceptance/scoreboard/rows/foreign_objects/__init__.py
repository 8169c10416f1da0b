"""Row 41, on what is not the package's own in databases and directories."""
