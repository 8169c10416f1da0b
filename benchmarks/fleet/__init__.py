"""What a fleet of processes shares through a real Redis, in figures: ``python -m benchmarks.fleet``."""
