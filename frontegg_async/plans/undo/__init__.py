"""Plans that restore what a job has replaced."""
