"""What the processes of a fleet share."""
