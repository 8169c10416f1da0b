"""The rows of the scoreboard, one module or package for each subject."""
