"""Benchmarks against other libraries, as ratios within one run. No test run depends on them."""
