"""Prehooks: before an event, an address is asked, which may refuse it."""

from __future__ import annotations

from typing import Final, cast

import msgspec

from frontegg_async._values.json_values import JsonValue
from frontegg_async.emulator.http.hook_calls import SIGNATURE_HEADER, CallFailedError, HookCalls, sign
from frontegg_async.emulator.rules.emulated_response import service_error
from frontegg_async.emulator.rules.incoming_call import IncomingCall
from frontegg_async.emulator.store.rows.hooks import PrehookRow
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment

ANSWER_SECONDS: Final = 5
"""How long a prehook may take to answer if it has no timeout of its own."""
_SECRETS: Final = frozenset({"password", "secret", "refreshToken"})
_USER_HEADER: Final = "frontegg-user-id"
_SUCCESS: Final = range(200, 300)
_REFUSALS: Final = range(400, 500)
_encode = msgspec.json.Encoder().encode


class _Error(msgspec.Struct):
    status: object = None
    message: object = None


class _Answer(msgspec.Struct, rename={"continues": "continue"}):
    continues: bool
    error: object = None


async def ask_prehook(calls: HookCalls, environment: EmulatedEnvironment, event: str, call: IncomingCall) -> None:
    """Ask the prehook of an event, if there is one.

    Args:
        calls: Calls the address.
        environment: The environment.
        event: The key of the event, as ``CREATE_TENANT``.
        call: The request that the event comes from.

    Raises:
        RequestRefusedError: The prehook refuses the event, or it fails and its ``failMethod`` is ``CLOSE``.
    """
    rows = environment.state.table(PrehookRow).values()
    row = next((row for row in rows if row.is_active and event in row.event_keys), None)
    if row is None:
        return
    try:
        answer = await _ask(calls, environment, row, event, call)
    except CallFailedError as error:
        if row.fail_method == "CLOSE":
            raise service_error(environment.behaviour.failed_prehook, f"The prehook failed: {error}") from None
        return
    if not answer.continues:
        raise service_error(*_refusal(answer.error))


async def _ask(
    calls: HookCalls, environment: EmulatedEnvironment, row: PrehookRow, event: str, call: IncomingCall
) -> _Answer:
    """Return the answer of a prehook.

    Raises:
        CallFailedError: There is none, or it is none that a prehook may give.
    """
    tenant_id = call.path.get("tenant_id") or call.body.get("tenantId") or call.tenant_id
    user_id = call.path.get("user_id") or call.headers.get(_USER_HEADER) or call.caller.user_id
    body = {
        "eventKey": event,
        "eventContext": {
            "vendorId": environment.vendor_id,
            "tenantId": tenant_id,
            **({"userId": user_id} if user_id else {}),
        },
        "data": _without_secrets(call.body),
    }
    headers = {SIGNATURE_HEADER: sign(row.secret, environment.clock.now(), environment.behaviour)}
    response = await calls.post(row.url, _encode(body), headers, row.timeout or ANSWER_SECONDS)
    if response.status not in _SUCCESS:
        raise CallFailedError(f"it answered with status {response.status}")
    try:
        return msgspec.json.decode(response.body, type=_Answer)
    except (ValueError, RecursionError):
        raise CallFailedError("its answer has no continue, true or false") from None


def _without_secrets(value: JsonValue) -> JsonValue:
    """Return a body without passwords, secrets and tokens, at any depth."""
    if isinstance(value, list):
        return [_without_secrets(each) for each in value]
    if isinstance(value, dict):
        return {name: _without_secrets(each) for name, each in value.items() if name not in _SECRETS}
    return value


def _refusal(error: object) -> tuple[int, str]:
    """Return status and words of a refusal; 403 if the prehook gives no status from 400 to 499."""
    given = msgspec.convert(error, _Error) if isinstance(error, dict) else _Error()
    words = given.message
    if isinstance(words, list):
        words = ", ".join(map(str, cast("list[object]", words)))
    is_allowed = isinstance(given.status, int) and given.status in _REFUSALS
    return cast("int", given.status) if is_allowed else 403, str(words or "Refused by a prehook")
