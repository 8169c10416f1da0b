"""All checks, one module for each subject."""

from __future__ import annotations

from typing import Final

from frontegg_async.conformance.check import Check
from frontegg_async.conformance.checks import (
    access,
    access_tokens,
    accounts,
    api_tokens,
    applications,
    audits,
    environment,
    fresh_reads,
    hierarchy,
    hooks,
    listed_accounts,
    listing,
    locked_accounts,
    managed_fields,
    managed_objects,
    metadata,
    policies,
    roles,
    settings,
    sso,
    updated_at,
    user_sessions,
    users,
)

CHECKS: Final[tuple[Check, ...]] = (
    *environment.TOPIC.checks,
    *accounts.TOPIC.checks,
    *metadata.TOPIC.checks,
    *listing.TOPIC.checks,
    *listed_accounts.TOPIC.checks,
    *fresh_reads.TOPIC.checks,
    *updated_at.TOPIC.checks,
    *settings.TOPIC.checks,
    *hierarchy.TOPIC.checks,
    *access.TOPIC.checks,
    *users.TOPIC.checks,
    *roles.TOPIC.checks,
    *applications.TOPIC.checks,
    *api_tokens.TOPIC.checks,
    *user_sessions.TOPIC.checks,
    *access_tokens.TOPIC.checks,
    *locked_accounts.TOPIC.checks,
    *sso.TOPIC.checks,
    *policies.TOPIC.checks,
    *hooks.TOPIC.checks,
    *audits.TOPIC.checks,
    *managed_fields.TOPIC.checks,
    *managed_objects.TOPIC.checks,
)
"""The checks in the order in which they run."""
