"""Tests of entitlements that are decided locally."""
