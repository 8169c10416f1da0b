"""Codes that are sent to e-mail addresses and phone numbers. They never expire: no source documents their lifetime."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping
from typing import Final

from frontegg_async._values.ascii_case import folded
from frontegg_async.emulator.services.contacts.rows import CodePurpose, ContactCodeRow
from frontegg_async.emulator.services.emails.rows import EmailTemplate, MessageChannel
from frontegg_async.emulator.services.emails.sending import send_code_to
from frontegg_async.emulator.services.support.emulated_response import service_error
from frontegg_async.emulator.store.user_rows import UserRow
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment

_BY_EMAIL: Final[Mapping[CodePurpose, EmailTemplate]] = {
    "verify_email": "VerifyNewEmail",
    "change_email": "VerifyNewEmail",
    "reset_phone": "ResetPhoneNumber",
}
"""The templates of the e-mails with codes. A code with any other purpose is sent in a text message."""


def send_code(
    environment: EmulatedEnvironment, purpose: CodePurpose, user: UserRow, value: str, tenant_id: str
) -> ContactCodeRow:
    """Send a new code to an address or a phone number. An earlier code for the same purpose becomes invalid."""
    earlier = _pending(environment, purpose, user, value)
    if earlier is not None:
        environment.state.remove(ContactCodeRow, earlier.id)
    row = ContactCodeRow(
        id=secrets.token_urlsafe(24),  # not from the seeded `rng`, so that codes do not change the ids of users
        user_id=user.id,
        purpose=purpose,
        value=value,
        code=f"{secrets.randbelow(1_000_000):06}",
    )
    environment.state.put(row)
    template: EmailTemplate = _BY_EMAIL.get(purpose, "OTC")
    channel: MessageChannel = "email" if purpose in _BY_EMAIL else "sms"
    send_code_to(environment, user, value, row.code, tenant_id=tenant_id, channel=channel, template=template)
    return row


def use_code(environment: EmulatedEnvironment, purpose: CodePurpose, user: UserRow, value: str, code: str) -> None:
    """Check the code that was sent to an address or a phone number, and remove the code.

    Raises:
        RequestRefusedError: 400 for a wrong code.
    """
    _use(environment, _pending(environment, purpose, user, value), code)


def use_token(
    environment: EmulatedEnvironment,
    purpose: CodePurpose,
    user: UserRow | None,
    token: str,
    code: str,
    *,
    value: str | None = None,
) -> ContactCodeRow:
    """Check a code with its token, and remove the code. Return the row of the code.

    Args:
        environment: The environment.
        purpose: The purpose of the code.
        user: The user to whom the code was sent, or ``None`` if the user is not checked.
        token: The token that the client sent with the code.
        code: The code that the client sent.
        value: The address or number to which the code was sent, or ``None`` if it is not checked.

    Raises:
        RequestRefusedError: 400 for a wrong code or token.
    """
    row = environment.state.table(ContactCodeRow).get(token)
    is_right = (
        row is not None
        and row.purpose == purpose
        and (user is None or row.user_id == user.id)
        and (value is None or row.value == value)
    )
    return _use(environment, row if is_right else None, code)


def _use(environment: EmulatedEnvironment, row: ContactCodeRow | None, code: str) -> ContactCodeRow:
    if row is None or not hmac.compare_digest(row.code.encode(), code.encode("utf-8", "surrogatepass")):
        raise service_error(400, "Invalid code")
    environment.state.remove(ContactCodeRow, row.id)
    return row


def _pending(
    environment: EmulatedEnvironment, purpose: CodePurpose, user: UserRow, value: str
) -> ContactCodeRow | None:
    rows = environment.state.table(ContactCodeRow).values()
    wanted = (purpose, user.id, folded(value))
    return next((row for row in rows if (row.purpose, row.user_id, folded(row.value)) == wanted), None)
