"""The emulation of users, and the rows of tasks on users."""
