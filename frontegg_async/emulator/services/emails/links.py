"""Makes the links of users. Their lifetimes are assumed: no source says them."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Mapping
from typing import Final

from frontegg_async.emulator.services.emails.rows import LinkKind, UserLinkRow
from frontegg_async.emulator.store.user_rows import UserRow
from frontegg_async.emulator.world.clock import timestamp
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment

_DAY: Final = 86_400
_LIFETIMES: Final[Mapping[LinkKind, int]] = {"activation": 7 * _DAY, "invitation": 7 * _DAY, "passwordReset": _DAY}
_DIGITS: Final = 6


def make_link(environment: EmulatedEnvironment, kind: LinkKind, user: UserRow, tenant_id: str = "") -> UserLinkRow:
    """Return a new link of a user; the link before is no longer valid.

    Args:
        environment: The environment.
        kind: What it is for: there is one of a kind, and an invitation for each tenant.
        user: The user.
        tenant_id: The tenant that the user joins by it; with the tenant, the link is removed.
    """
    row = UserLinkRow(
        id=link_id(kind, user.id, tenant_id),
        tenant_id=tenant_id,
        kind=kind,
        user_id=user.id,
        token=str(uuid.uuid4()),  # not by `rng`: a seeded one gives users the same ids with and without e-mails
        code=f"{secrets.randbelow(10**_DIGITS):0{_DIGITS}}",
        expires=timestamp(environment.clock.now() + _LIFETIMES[kind]),
    )
    environment.state.put(row)
    return row


def link_id(kind: LinkKind, user_id: str, tenant_id: str = "") -> str:
    """Return the id of a link."""
    return f"{kind}:{user_id}:{tenant_id}" if kind == "invitation" else f"{kind}:{user_id}"
