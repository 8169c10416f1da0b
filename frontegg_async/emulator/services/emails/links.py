"""Creates the links that users receive in e-mails. The lifetimes of the links are assumed."""

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
    """Create a link of a user, and store it. It replaces the user's earlier link of the same kind.

    Args:
        environment: The environment.
        kind: The purpose of the link. A user has one link of each kind, and one invitation for each tenant.
        user: The user.
        tenant_id: The id of the tenant that the user joins with the link. When the tenant is removed, the link is too.
    """
    row = UserLinkRow(
        id=link_id(kind, user.id, tenant_id),
        tenant_id=tenant_id,
        kind=kind,
        user_id=user.id,
        token=str(uuid.uuid4()),  # not from the seeded `rng`, so that users get the same ids with and without e-mails
        code=f"{secrets.randbelow(10**_DIGITS):0{_DIGITS}}",
        expires=timestamp(environment.clock.now() + _LIFETIMES[kind]),
    )
    environment.state.put(row)
    return row


def link_id(kind: LinkKind, user_id: str, tenant_id: str = "") -> str:
    """Return the id of the row of a link."""
    return f"{kind}:{user_id}:{tenant_id}" if kind == "invitation" else f"{kind}:{user_id}"
