"""What each operation does: a folder for each subject, with its rules, rows and switches."""
