"""The SMS codes with which users set new passwords. The form and the lifetime of the codes are assumed."""

from __future__ import annotations

from typing import Final

from frontegg_async.emulator.services.emails.sending import send_code_to
from frontegg_async.emulator.services.passwords.rows import ResetCodeRow
from frontegg_async.emulator.services.support.emulated_response import service_error
from frontegg_async.emulator.store.user_rows import UserRow
from frontegg_async.emulator.world.clock import timestamp
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment

_LIFETIME: Final = 300
_DIGITS: Final = 6


def send_reset_code(environment: EmulatedEnvironment, user: UserRow, session_id: str) -> None:
    """Create the code of a session for a user, and add a text message with the code to the outbox."""
    code = f"{environment.rng.randrange(10**_DIGITS):0{_DIGITS}}"
    expires = timestamp(environment.clock.now() + _LIFETIME)
    environment.state.put(ResetCodeRow(id=session_id, user_id=user.id, code=code, expires=expires))
    send_code_to(environment, user, user.phone_number or "", code, tenant_id=user.tenant_id, channel="sms")


def use_reset_code(environment: EmulatedEnvironment, session_id: str, code: object) -> UserRow:
    """Check and remove the code of a session, and return the user who received the code.

    Raises:
        RequestRefusedError: 400 if the session or the user does not exist, or if the code is wrong or has expired.
    """
    row = environment.state.table(ResetCodeRow).get(session_id)
    user = environment.state.users.get(row.user_id) if row is not None else None
    if row is None or user is None or row.code != code or row.expires <= environment.clock.timestamp():
        raise service_error(400, "The code is not valid")
    environment.state.remove(ResetCodeRow, row.id)
    return user
