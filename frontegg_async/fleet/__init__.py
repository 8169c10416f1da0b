"""What the processes of a fleet share: tokens and rate limits, in stores that may fail without harm."""
