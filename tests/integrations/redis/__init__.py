"""Tests of the Redis integration, with a real Redis."""
