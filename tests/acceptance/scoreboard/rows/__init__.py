"""The rows of the scoreboard, one module for each subject."""
