"""The behaviour of all operations: a folder for each subject, with its rules, rows and switches."""
