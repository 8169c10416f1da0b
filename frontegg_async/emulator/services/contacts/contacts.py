"""The e-mail addresses and phone numbers of users. Profiles contain the primary ones, and rows the additional ones."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from typing import Final

import msgspec

from frontegg_async._values.ascii_case import folded
from frontegg_async.emulator.services.contacts.rows import ContactKind, UserContactRow
from frontegg_async.emulator.services.support.emulated_response import service_error
from frontegg_async.emulator.store.state import State
from frontegg_async.emulator.store.user_rows import UserRow
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment

_NAMESPACE: Final = uuid.UUID("3e0f1f0c-6a53-4b0e-9d2b-5d3c1f6f7a10")
_NAMES: Final = {"email": "Email", "phone": "Phone number"}


def contacts(state: State, kind: ContactKind, users: Iterable[UserRow]) -> Iterator[UserContactRow]:
    """Yield the e-mail addresses or phone numbers of users. Each user's primary address or number comes first."""
    others: dict[str, list[UserContactRow]] = {}
    for row in state.table(UserContactRow).values():
        if row.kind == kind:
            others.setdefault(row.user_id, []).append(row)
    for user in users:
        primary = primary_contact(user, kind)
        if primary is not None:
            yield primary
        for row in others.get(user.id, ()):
            if primary is None or folded(row.value) != folded(primary.value):
                yield row


def primary_contact(user: UserRow, kind: ContactKind) -> UserContactRow | None:
    """Return the primary e-mail address or phone number, which is in the profile of the user."""
    value = user.phone_number if kind == "phone" else user.email
    if not value or (kind == "email" and "@" not in value):
        return None
    is_verified = kind == "phone" or user.verified
    return _row(user, kind, value, user.created_at, is_verified=is_verified)


def find_contact(state: State, user: UserRow, kind: ContactKind, contact_id: str) -> UserContactRow:
    """Return the e-mail address or phone number of a user that has an id.

    Raises:
        RequestRefusedError: 404 if the user has no address or number with the id.
    """
    found = next((row for row in contacts(state, kind, [user]) if row.id == contact_id), None)
    if found is None:
        raise service_error(404, f"{_NAMES[kind]} not found")
    return found


def contact_with(state: State, user: UserRow, kind: ContactKind, value: str) -> UserContactRow | None:
    """Return the e-mail address or phone number of a user with a text. Upper and lower case are not distinguished."""
    return next((row for row in contacts(state, kind, [user]) if folded(row.value) == folded(value)), None)


def is_taken(state: State, kind: ContactKind, value: str, user_id: str = "") -> bool:
    """Return whether a user other than ``user_id`` has an address or a number. Without ``user_id``, check all users."""
    holders = {
        row.user_id
        for row in state.table(UserContactRow).values()
        if row.kind == kind and row.user_id in state.users and folded(row.value) == folded(value)
    }
    if kind == "email":
        holders |= {user.id for user in state.users_named(value) if folded(user.email) == folded(value)}
    else:
        holders |= {user.id for user in state.users.values() if user.phone_number == value}
    return bool(holders - {user_id})


def put_contact(
    environment: EmulatedEnvironment, user: UserRow, kind: ContactKind, value: str, *, is_verified: bool
) -> UserContactRow:
    """Store an additional address or number of a user, and return its row."""
    now = environment.clock.timestamp()
    row = _row(user, kind, value, now, is_verified=is_verified)
    known = environment.state.table(UserContactRow).get(row.id)
    if known is not None:
        row = msgspec.structs.replace(row, created_at=known.created_at)
    environment.state.put(row)
    return row


def remove_contact(state: State, row: UserContactRow) -> None:
    """Remove an additional address or number."""
    if row.id in state.table(UserContactRow):
        state.remove(UserContactRow, row.id)


def _row(user: UserRow, kind: ContactKind, value: str, now: str, *, is_verified: bool) -> UserContactRow:
    return UserContactRow(
        # The id must stay the same when the address becomes the primary address.
        id=str(uuid.uuid5(_NAMESPACE, f"{user.id} {folded(value)}")),
        user_id=user.id,
        kind=kind,
        value=value,
        verified=is_verified,
        created_at=now,
        updated_at=now,
    )
