"""The rules and the switches of users, and the rows of tasks on users."""
