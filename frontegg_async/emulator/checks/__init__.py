"""What comes from outside, checked before anything is changed by it: arguments and JSON."""
