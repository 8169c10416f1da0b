"""Calls the prehook of an event before the event happens. The prehook may refuse the event or add claims."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, cast

import msgspec

from frontegg_async._values.json_values import JsonValue
from frontegg_async.emulator.http.hook_calls import CallFailedError, HookCalls, headers_of
from frontegg_async.emulator.services.support.common import USER_HEADER
from frontegg_async.emulator.services.support.emulated_response import RequestRefusedError, service_error
from frontegg_async.emulator.services.support.incoming_call import IncomingCall
from frontegg_async.emulator.services.support.rule import Rule
from frontegg_async.emulator.services.webhooks.rows import PrehookRow
from frontegg_async.emulator.services.webhooks.switches import WebhookSwitches
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment

ANSWER_SECONDS: Final = 5
"""The maximum time to wait for the response of a prehook that has no timeout of its own, in seconds."""
_SECRETS: Final = frozenset(
    {"authenticatorAppMfaSecret", "password", "passwordHash", "passwordHashConfig", "refreshToken", "secret"}
)
_SUCCESS: Final = range(200, 300)
_REFUSALS: Final = frozenset(range(400, 500))
_TRY_AGAIN: Final = frozenset({401, 408, 425, 429})
"""The statuses of responses after which clients repeat a request, because a later request may succeed."""
_encode = msgspec.json.Encoder().encode


class _Error(msgspec.Struct):
    status: object = None
    message: object = None


class _Token(msgspec.Struct):
    claims: dict[str, object] = {}


class _Answer(msgspec.Struct, rename={"continues": "continue"}):
    continues: bool
    error: object = None
    response: object = None


async def ask_prehook(
    calls: HookCalls, environment: EmulatedEnvironment, rule: Rule, call: IncomingCall
) -> IncomingCall:
    """Call the prehook of an event, if there is one.

    Return the request. If the prehook adds claims to a token, the returned request contains these claims.

    Args:
        calls: The object that sends the request to the prehook's address.
        environment: The environment of the request.
        rule: The rule of the operation. It names the event.
        call: The request that causes the event.

    Raises:
        RequestRefusedError: The prehook refuses the event. Or the call fails and the prehook's ``failMethod`` is
        ``CLOSE``.
    """
    rows = environment.state.table(PrehookRow).values()
    row = next((row for row in rows if row.is_active and rule.prehook in row.event_keys), None)
    if row is None or rule.prehook is None:
        return call
    try:
        claims = None if rule.prepare is None else rule.prepare(environment, call)
    except RequestRefusedError:
        return call  # the operation itself will refuse the request
    try:
        answer = await _ask(calls, environment, row, _body(environment, rule.prehook, call, claims))
    except CallFailedError as error:
        if row.fail_method == "CLOSE":
            raise service_error(
                environment.switches[WebhookSwitches].failed_prehook, f"The prehook failed: {error}"
            ) from None
        return call
    if not answer.continues:
        raise service_error(*_refusal(answer.error, environment.switches[WebhookSwitches].prehook_status))
    return call if claims is None else msgspec.structs.replace(call, claims=_claims(answer.response))


def _claims(response: object) -> Mapping[str, JsonValue]:
    """Return the claims in the response of a prehook."""
    try:
        return cast("Mapping[str, JsonValue]", msgspec.convert(response, _Token).claims)
    except msgspec.ValidationError:
        return {}


def _body(
    environment: EmulatedEnvironment, event: str, call: IncomingCall, claims: Mapping[str, JsonValue] | None
) -> object:
    """Return the data to send to a prehook: the body of the request, or the claims of the token to be issued."""
    told = claims or {}
    tenant_id = call.path.get("tenant_id") or call.body.get("tenantId") or call.tenant_id or told.get("tenantId")
    user_id = call.path.get("user_id") or call.headers.get(USER_HEADER) or call.caller.user_id or _user_in(told)
    return {
        "eventKey": event,
        "eventContext": {
            "vendorId": environment.vendor_id,
            "tenantId": tenant_id or "",
            **({"userId": user_id} if user_id else {}),
        },
        "data": _without_secrets(call.body) if claims is None else {"claims": claims},
    }


def _user_in(claims: Mapping[str, JsonValue]) -> JsonValue:
    return claims.get("sub") if claims.get("type") == "userToken" else claims.get("userId")


async def _ask(calls: HookCalls, environment: EmulatedEnvironment, row: PrehookRow, body: object) -> _Answer:
    """Call a prehook, and return its response.

    Raises:
        CallFailedError: No response arrived, or the response is not one that a prehook may send.
    """
    headers = headers_of(row.secret, environment.clock.now(), environment.switches)
    response = await calls.post(row.url, _encode(body), headers, row.timeout or ANSWER_SECONDS)
    if response.status not in _SUCCESS:
        raise CallFailedError(f"the response has the status {response.status}")
    try:
        return msgspec.json.decode(response.body, type=_Answer)
    except (ValueError, RecursionError):
        raise CallFailedError("the response must have the field continue with true or false") from None


def _without_secrets(value: JsonValue) -> JsonValue:
    """Return a copy of a body without passwords, secrets and tokens at any level of nesting."""
    if isinstance(value, list):
        return [_without_secrets(each) for each in value]
    if isinstance(value, dict):
        return {name: _without_secrets(each) for name, each in value.items() if name not in _SECRETS}
    return value


def _refusal(error: object, statuses: Literal["all", "refusals"]) -> tuple[int, str]:
    """Return the status and the message of a prehook's refusal."""
    given = msgspec.convert(error, _Error) if isinstance(error, dict) else _Error()
    words = given.message
    if isinstance(words, list):
        words = ", ".join(map(str, cast("list[object]", words)))
    allowed = _REFUSALS if statuses == "all" else _REFUSALS - _TRY_AGAIN
    is_allowed = isinstance(given.status, int) and given.status in allowed
    return cast("int", given.status) if is_allowed else 403, str(words or "Refused by a prehook")
