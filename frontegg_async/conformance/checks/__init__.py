"""All checks, a module for each subject."""

from __future__ import annotations

from typing import Final

from frontegg_async.conformance.check import Check
from frontegg_async.conformance.checks import (
    access,
    accounts,
    applications,
    audits,
    environment,
    hierarchy,
    hooks,
    listing,
    metadata,
    policies,
    roles,
    settings,
    sso,
    tokens,
    users,
)

CHECKS: Final[tuple[Check, ...]] = (
    *environment.TOPIC.checks,
    *accounts.TOPIC.checks,
    *metadata.TOPIC.checks,
    *listing.TOPIC.checks,
    *settings.TOPIC.checks,
    *hierarchy.TOPIC.checks,
    *access.TOPIC.checks,
    *users.TOPIC.checks,
    *roles.TOPIC.checks,
    *applications.TOPIC.checks,
    *tokens.TOPIC.checks,
    *sso.TOPIC.checks,
    *policies.TOPIC.checks,
    *hooks.TOPIC.checks,
    *audits.TOPIC.checks,
)
"""The checks in the order in which they run."""
