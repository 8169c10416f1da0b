"""Plans that restore the values that a job has replaced."""
