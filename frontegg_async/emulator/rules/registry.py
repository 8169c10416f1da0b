"""`RULES`: all rules, by the names of their operations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from frontegg_async.emulator.rules import (
    access_tokens,
    account_settings,
    api_tokens,
    hierarchy,
    identity,
    listing,
    me,
    metadata,
    migrations,
    sessions,
    sso,
    sso_environment,
    sso_parts,
    sub_tenants,
    tenants,
    users,
)
from frontegg_async.emulator.rules.rule import Rule

RULES: Final[Mapping[str, Rule]] = {
    **access_tokens.RULES,
    **account_settings.RULES,
    **hierarchy.RULES,
    **identity.RULES,
    **sub_tenants.RULES,
    **tenants.RULES,
    **listing.RULES,
    **metadata.RULES,
    **migrations.RULES,
    **users.RULES,
    **me.RULES,
    **api_tokens.RULES,
    **sessions.RULES,
    **sso.RULES,
    **sso_parts.RULES,
    **sso_environment.RULES,
}
