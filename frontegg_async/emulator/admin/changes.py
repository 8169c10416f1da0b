"""Changes that can be undone. A change runs operations of the service or one verb of the admin API."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Final, cast

import attrs
import msgspec

from frontegg_async._values.json_values import JsonValue
from frontegg_async.emulator.admin.scope import VerbScope
from frontegg_async.emulator.services.registry import RULES
from frontegg_async.emulator.services.support.emulated_response import (
    JSON,
    Empty,
    EmulatedResponse,
    RequestRefusedError,
)
from frontegg_async.emulator.services.support.incoming_call import IncomingCall
from frontegg_async.emulator.services.support.request_bodies import Shape, body_shape
from frontegg_async.emulator.services.support.rule import Rule, ignores_unknown_fields
from frontegg_async.emulator.services.support.switches import ServiceSwitches
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment
from frontegg_async.emulator.world.grants import Grant
from frontegg_async.emulator.world.undo_steps import SavedData, UndoStep
from frontegg_async.endpoints import Auth, Endpoint, all_endpoints

_NO_FIELDS: Final[Mapping[str, str]] = {}
_NO_BODY: Final[Mapping[str, JsonValue]] = {}


@attrs.frozen(kw_only=True)
class OperationCall:
    """A call of a service operation, authenticated by an environment token.

    Args:
        operation: The name of the operation, such as ``tenants.update``.
        path: The values of the fields in the operation's path, by name.
        tenant_id: The value of the header that names the tenant.
        body: The JSON value of the request's body.
    """

    operation: str
    path: Mapping[str, str] = _NO_FIELDS
    tenant_id: str = ""
    body: Mapping[str, JsonValue] = _NO_BODY


@attrs.frozen(eq=False)
class _Operation:
    endpoint: Endpoint[object]
    rule: Rule
    shape: Shape | None


@cache
def _operations() -> Mapping[str, _Operation]:
    return {one.name: _Operation(one, RULES[one.name], body_shape(one, RULES[one.name])) for one in all_endpoints()}


def run_calls(scope: VerbScope, calls: Sequence[OperationCall]) -> list[dict[str, object]]:
    """Run operations by the same rules as requests. If the service refuses one operation, no operation has an effect.

    Returns:
        The status and the body of the response to each operation.

    Raises:
        LookupError: An operation does not exist.
        ValueError: The service refuses an operation. Nothing has changed.
    """
    environment = scope.one
    before = environment.state.copy() if len(calls) > 1 else None
    responses: list[EmulatedResponse] = []
    try:
        for call in calls:
            responses.append(_run(environment, call))  # noqa: PERF401 - those before a refusal are taken back
    except (LookupError, ValueError):
        environment.events.clear()
        if before is not None:
            environment.replace_state(before)
        raise
    scope.world.commit(environment)
    for response in responses:
        if response.outgoing is not None:
            scope.world.deliverer.begin(environment, response.outgoing)
    return [{"status": response.status, "body": _body_of(response)} for response in responses]


def _body_of(response: EmulatedResponse) -> object:
    if isinstance(response.body, bytes) and response.content_type == JSON:
        return msgspec.Raw(response.body)
    return None if isinstance(response.body, Empty) else response.body


def _run(environment: EmulatedEnvironment, call: OperationCall) -> EmulatedResponse:
    operation = _operations().get(call.operation)
    if operation is None:
        raise LookupError(f"the service has no operation {call.operation!r}")
    endpoint = operation.endpoint
    if not endpoint.auth & (Auth.ENVIRONMENT | Auth.TENANT):
        raise ValueError(f"{call.operation} does not accept the token of an environment")
    is_of_tenant = Auth.ENVIRONMENT not in endpoint.auth and operation.rule.needs_no_tenant is None
    if is_of_tenant and not call.tenant_id:
        raise ValueError(f"{call.operation} needs the id of a tenant in tenantId")
    names = [part[1:-1] for part in endpoint.path.split("/") if part.startswith("{")]
    if missing := [name for name in names if not call.path.get(name)]:
        raise ValueError(f"{call.operation} needs {', '.join(missing)} in its path")
    now = environment.clock.now()
    caller = Grant(kind="vendor", client_id=environment.client_id, issued=now, expires=now)
    try:
        body = dict(call.body)
        if operation.shape is not None:
            is_strict = environment.switches[
                ServiceSwitches
            ].unknown_body_field == "refuse" and not ignores_unknown_fields(endpoint)
            body = operation.shape.declared(body, strict=is_strict)
        incoming = IncomingCall(
            caller=caller, tenant_id=call.tenant_id, path=call.path, body=body, raw_path=endpoint.path
        )
        return operation.rule.run(environment, incoming)
    except RequestRefusedError as refusal:
        raise ValueError(_words_of(call.operation, refusal.response)) from None


def _words_of(operation: str, response: EmulatedResponse) -> str:
    """Describe in a sentence that the service refused an operation."""
    content: object = response.body
    body: Mapping[str, object] = cast("Mapping[str, object]", content) if isinstance(content, Mapping) else {}
    said = body.get("errors") or body.get("message") or "the response has no message"
    words = "; ".join(map(str, cast("list[object]", said))) if isinstance(said, list) else str(said)
    return f"{words} (the service refuses {operation} with {response.status})"


def make_undoable(scope: VerbScope, label: str, make: Callable[[], object]) -> object:
    """Run a function whose changes of an environment `undo` can undo. It replaces the previous undoable change.

    Args:
        scope: The environment that changes. If the scope is all environments, the default environment changes.
        label: A short description of the change.
        make: The function that makes the change. It must change nothing if it raises an error.
    """
    environment = scope.one
    before = SavedData.of(environment)
    result = make()
    scope.world.undo_steps[environment.client_id] = UndoStep.of(label, before, environment)
    return result


def last_change(scope: VerbScope) -> dict[str, str | None]:
    """Return the label of the last undoable change. If the change cannot be undone now, also return why."""
    step = scope.world.undo_steps.get(scope.one.client_id)
    if step is None:
        return {"label": None, "obstacle": None}
    return {"label": step.label, "obstacle": step.obstacle(scope.one)}


def undo(scope: VerbScope) -> dict[str, str]:
    """Undo the last change that `make_undoable` made in the environment.

    Raises:
        ValueError: There is no undoable change, or other data has changed since. Nothing has changed now.
    """
    environment = scope.one
    step = scope.world.undo_steps.get(environment.client_id)
    if step is None:
        raise ValueError("there is no change that can be undone")
    scope.world.replace(environment, step.undo)
    del scope.world.undo_steps[environment.client_id]
    return {"undone": step.label}


class _CallBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    operation: str
    path: dict[str, str] = msgspec.field(default_factory=dict[str, str])
    tenant_id: str = msgspec.field(name="tenantId", default="")
    body: dict[str, object] = msgspec.field(default_factory=dict[str, object])


class _CallsBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    calls: list[_CallBody]


def read_calls(value: JsonValue) -> list[OperationCall]:
    """Read the calls of a request to the admin API.

    Raises:
        ValueError: A value is missing or unknown, or has another type.
    """
    return [
        OperationCall(
            operation=one.operation,
            path=one.path,
            tenant_id=one.tenant_id,
            body=cast("Mapping[str, JsonValue]", one.body),
        )
        for one in msgspec.convert(value, _CallsBody).calls
    ]
