"""Scenarios: whole applications on the SDK, under load, while the service fails.

``python -m tests.acceptance.scenarios [NAME ...] [--seed N] [--seconds N] [--rate N] [--json]``. Everything runs in
real processes on loopback and ends by itself. The last line says what happened, and so does the exit status.
"""
