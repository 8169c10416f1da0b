"""Tests of the responses for errors of the SDK."""
