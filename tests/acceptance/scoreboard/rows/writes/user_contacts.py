"""The writes on e-mail addresses, phone numbers and user names of users."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import attrs

from frontegg_async.endpoints import Endpoint, phone_numbers, user_emails, usernames
from tests.acceptance.scoreboard.rows.writes.environment_state import After, Ground, Plan, Write

_AT: Final = "2026-01-01T00:00:00.000Z"
_CODE: Final = "123456"


@attrs.frozen
class _Subject:
    """The user whom a write is about, and what the user has."""

    user_id: str
    contact_id: str
    code_id: str
    email: str
    phone: str
    name: str

    def user(self, after: After) -> Any:
        """Return the user."""
        return after.users[self.user_id]

    def contacts(self, after: After) -> dict[str, bool]:
        """Return whether the addresses and numbers beside those of the profile are verified."""
        rows = after.tables.get("userContacts", {}).values()
        return {row["value"]: row["verified"] for row in rows if row["userId"] == self.user_id}

    def codes(self, after: After, purpose: str) -> int:
        """Return how many codes were sent to the user."""
        rows = after.tables.get("contactCodes", {}).values()
        return sum((row["userId"], row["purpose"]) == (self.user_id, purpose) for row in rows)


Call = Callable[[Any, _Subject, Any], Any]
"""Takes ``frontegg.users`` or ``user.profile``, the subject and the options, and makes a write."""
Shown = Callable[[After, _Subject], bool]


def _no_object(_after: After, _of: _Subject) -> int:
    return 0


def _plan(
    endpoint: Endpoint[Any],
    call: Call,
    shown: Shown,
    *,
    kind: str = "",
    is_verified: bool = True,
    code: str = "",
    made: Callable[[After, _Subject], int] = _no_object,
    name: str | None = None,
) -> Plan:
    """Return the plan of a write about a user, who may have a contact of a kind, and a code for a purpose."""

    def plan(ground: Ground, mark: str) -> Write:
        home = ground.home
        number = int.from_bytes(mark.encode()) % 10**9
        subject = _Subject(
            ground.user(f"u-{mark}", home, username=f"{name}-{mark}" if name else None),
            f"contact-{mark}",
            f"code-{mark}",
            f"{mark}@contact.example",
            f"+49{number:09}",
            f"{name}-{mark}",
        )
        value = subject.phone if kind == "phone" or "phone" in code else subject.email
        if kind:
            ground.row(
                "userContacts",
                subject.contact_id,
                "",
                userId=subject.user_id,
                kind=kind,
                value=value,
                verified=is_verified,
                createdAt=_AT,
                updatedAt=_AT,
            )
        if code:
            ground.row(
                "contactCodes", subject.code_id, "", userId=subject.user_id, purpose=code, value=value, code=_CODE
            )
        is_own = endpoint.name.startswith("me.")
        return Write(
            endpoints=(endpoint,),
            call=lambda sides, options: call(
                sides.user_of(home, subject.user_id).profile if is_own else sides.frontegg.users, subject, options
            ),
            shown=lambda after: shown(after, subject),
            made=lambda after: made(after, subject),
        )

    return plan


PLANS: Final[tuple[Plan, ...]] = (
    _plan(
        user_emails.ADD,
        lambda users, of, options: users.emails.add(of.user_id, email=of.email, verified=True, options=options),
        lambda after, of: of.email in of.contacts(after),
        made=lambda after, of: len(of.contacts(after)),
    ),
    _plan(
        user_emails.REMOVE,
        lambda users, of, options: users.emails.remove(of.user_id, of.contact_id, options=options),
        lambda after, of: not of.contacts(after),
        kind="email",
    ),
    _plan(
        user_emails.SET_PRIMARY,
        lambda users, of, options: users.emails.set_primary(of.user_id, email=of.email, options=options),
        lambda after, of: of.user(after)["email"] == of.email,
        kind="email",
    ),
    _plan(
        user_emails.ADD_OWN,
        lambda profile, of, options: profile.emails.add(email=of.email, options=options),
        lambda after, of: of.email in of.contacts(after),
        made=lambda after, of: len(of.contacts(after)),
    ),
    _plan(
        user_emails.VERIFY_OWN,
        lambda profile, of, options: profile.emails.verify(email=of.email, code=_CODE, options=options),
        lambda after, of: of.contacts(after) == {of.email: True},
        kind="email",
        is_verified=False,
        code="verify_email",
    ),
    _plan(
        user_emails.REMOVE_OWN,
        lambda profile, of, options: profile.emails.remove(of.contact_id, options=options),
        lambda after, of: not of.contacts(after),
        kind="email",
    ),
    _plan(
        user_emails.SET_OWN_PRIMARY,
        lambda profile, of, options: profile.emails.set_primary(email=of.email, options=options),
        lambda after, of: of.user(after)["email"] == of.email,
        kind="email",
    ),
    _plan(
        user_emails.CHANGE_OWN,
        lambda profile, of, options: profile.emails.change(email=of.email, options=options),
        lambda after, of: of.codes(after, "change_email") == 1,
    ),
    _plan(
        user_emails.CONFIRM_OWN_CHANGE,
        lambda profile, of, options: profile.emails.confirm_change(email=of.email, code=_CODE, options=options),
        lambda after, of: of.user(after)["email"] == of.email,
        code="change_email",
    ),
    _plan(
        phone_numbers.ADD,
        lambda users, of, options: users.phone_numbers.add(of.user_id, phone_number=of.phone, options=options),
        lambda after, of: of.user(after).get("phoneNumber") == of.phone,
    ),
    _plan(
        phone_numbers.REMOVE,
        lambda users, of, options: users.phone_numbers.remove(of.user_id, of.contact_id, options=options),
        lambda after, of: not of.contacts(after),
        kind="phone",
    ),
    _plan(
        phone_numbers.ADD_OWN,
        lambda profile, of, options: profile.phone_numbers.add(phone_number=of.phone, options=options),
        lambda after, of: of.contacts(after) == {of.phone: False},
        made=lambda after, of: len(of.contacts(after)),
    ),
    _plan(
        phone_numbers.SEND_CODE,
        lambda profile, of, options: profile.phone_numbers.send_code(phone_number=of.phone, options=options),
        lambda after, of: of.codes(after, "verify_phone") == 1,
    ),
    _plan(
        phone_numbers.VERIFY_OWN,
        lambda profile, of, options: profile.phone_numbers.verify(otc_token=of.code_id, code=_CODE, options=options),
        lambda after, of: of.user(after).get("phoneNumber") == of.phone,
        code="verify_phone",
    ),
    _plan(
        phone_numbers.REQUEST_REMOVAL,
        lambda profile, of, options: profile.phone_numbers.request_removal(of.contact_id, options=options),
        lambda after, of: of.codes(after, "remove_phone") == 1,
        kind="phone",
    ),
    _plan(
        phone_numbers.CONFIRM_REMOVAL,
        lambda profile, of, options: profile.phone_numbers.confirm_removal(
            of.contact_id, otc_token=of.code_id, code=_CODE, options=options
        ),
        lambda after, of: not of.contacts(after),
        kind="phone",
        code="remove_phone",
    ),
    _plan(
        usernames.CREATE_OWN,
        lambda profile, of, options: profile.username.create(of.name, options=options),
        lambda after, of: of.user(after).get("username") == of.name,
    ),
    _plan(
        usernames.DELETE_OWN,
        lambda profile, of, options: profile.username.delete(of.name, options=options),
        lambda after, of: of.user(after).get("username") is None,
        name="name",
    ),
)
