"""Tests of the benchmark scenarios, in their short forms."""
