"""Signals about callers. Errors of receivers are logged to ``django.dispatch`` and affect no response."""

from __future__ import annotations

from typing import Final

from django.dispatch import Signal

caller_authenticated: Final[Signal] = Signal()
"""A token was verified. Receivers get ``sender`` (`FronteggCaller`), ``request`` and ``claims``."""

caller_refused: Final[Signal] = Signal()
"""A request had a token that was not accepted, or that could not be verified.

Receivers get ``sender`` (`FronteggCaller`), ``request`` and ``error``, a `TokenVerificationError`. A request without a
token sends no signal.
"""
