"""Tests of the integrations, each with the real framework."""
