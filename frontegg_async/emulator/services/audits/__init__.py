"""The rules and the rows of audits."""
