"""What the processes of a fleet share through a real Redis."""
