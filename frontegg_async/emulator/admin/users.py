"""Changes of users that no operation of the service can make. Their fields have the same names as in a seed."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from frontegg_async._values.json_values import JsonValue
from frontegg_async.emulator.checks.json_input import plain_json
from frontegg_async.emulator.store.integrity import check_user
from frontegg_async.emulator.store.state import State
from frontegg_async.emulator.store.user_rows import Membership, UserRow


class _UserChanges(msgspec.Struct, rename="camel", kw_only=True, forbid_unknown_fields=True):
    email: str | msgspec.UnsetType = msgspec.UNSET
    tenant_id: str | msgspec.UnsetType = msgspec.UNSET
    tenant_ids: tuple[str, ...] | msgspec.UnsetType = msgspec.UNSET
    username: str | None | msgspec.UnsetType = msgspec.UNSET
    password: str | None | msgspec.UnsetType = msgspec.UNSET
    name: str | None | msgspec.UnsetType = msgspec.UNSET
    permissions: tuple[str, ...] | msgspec.UnsetType = msgspec.UNSET
    roles: tuple[str, ...] | msgspec.UnsetType = msgspec.UNSET
    metadata: object = msgspec.UNSET
    invisible: bool | msgspec.UnsetType = msgspec.UNSET
    allow_access: bool | None | msgspec.UnsetType = msgspec.UNSET
    is_locked: bool | msgspec.UnsetType = msgspec.UNSET
    verified: bool | msgspec.UnsetType = msgspec.UNSET
    external_id: str | None | msgspec.UnsetType = msgspec.UNSET
    memberships: dict[str, Membership] | msgspec.UnsetType = msgspec.UNSET


def find_user(state: State, user_id: str) -> UserRow:
    """Return the user with an id.

    Raises:
        LookupError: There is no user with that id.
    """
    row = state.users.get(user_id)
    if row is None:
        raise LookupError(f"there is no user {user_id!r}")
    return row


def changed_user(state: State, user_id: str, changes: Mapping[str, JsonValue]) -> UserRow:
    """Return a copy of a user with some fields changed.

    Args:
        state: The state of the environment that contains the user.
        user_id: The id of the user.
        changes: The new values, by the names of the fields in a seed. Without ``tenantId``, the active tenant stays
        the same if ``tenantIds`` contains it. Otherwise the first of ``tenantIds`` becomes active.

    Raises:
        LookupError: There is no user with that id.
        ValueError: A field is unknown, or its value is not allowed.
    """
    row = find_user(state, user_id)
    read = msgspec.convert(plain_json(changes, "the changes"), _UserChanges)
    given = {name: value for name, value in msgspec.structs.asdict(read).items() if value is not msgspec.UNSET}
    changed = msgspec.structs.replace(row, **given)
    kept = {name: each for name, each in changed.memberships.items() if name in changed.tenant_ids}
    changed = msgspec.structs.replace(changed, memberships=kept)
    if not changed.email:
        raise ValueError("email must not be empty")
    check_user(changed, state.tenants)
    if changed.tenant_id in changed.tenant_ids:
        return changed
    if "tenant_id" in given:
        raise ValueError(f"tenantId must be one of tenantIds: {', '.join(changed.tenant_ids)}")
    if "tenant_ids" not in given:
        return changed  # the user has entered a sub-account, which may be active without being in tenantIds
    return msgspec.structs.replace(changed, tenant_id=changed.tenant_ids[0])
