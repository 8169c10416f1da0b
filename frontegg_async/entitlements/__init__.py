"""Entitlements, decided locally: who may use which feature, by a snapshot of plans, flags and assignments."""
