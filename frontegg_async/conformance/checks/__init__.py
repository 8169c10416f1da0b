"""All checks, a module for each subject."""

from __future__ import annotations

from typing import Final

from frontegg_async.conformance.check import Check
from frontegg_async.conformance.checks import accounts

CHECKS: Final[tuple[Check, ...]] = (*accounts.TOPIC.checks,)
"""The checks in the order in which they run."""
