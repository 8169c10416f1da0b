"""Verification of the tokens that incoming requests carry."""
