"""The rules of webhooks: create, list, update, delete and test, and the log of their deliveries."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, cast
from urllib.parse import urlsplit

import msgspec

from frontegg_async._values.json_values import JsonValue
from frontegg_async.emulator.services.support.common import find_tenant
from frontegg_async.emulator.services.support.emulated_response import EmulatedResponse, service_error, validation_error
from frontegg_async.emulator.services.support.incoming_call import IncomingCall
from frontegg_async.emulator.services.support.paging import query_integer
from frontegg_async.emulator.services.support.rule import Rule, Run, Tag
from frontegg_async.emulator.services.webhooks.rows import WebhookRow
from frontegg_async.emulator.services.webhooks.switches import WebhookSwitches
from frontegg_async.emulator.store.delivery_row import DeliveryRow
from frontegg_async.emulator.store.switches import Switches
from frontegg_async.emulator.world.deliveries import Outgoing
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment
from frontegg_async.regions import is_loopback

HOOK_URL: Final = r"^[Hh][Tt][Tt][Pp][Ss]?://[A-Za-z0-9\[][!-~]*$"
"""The pattern of the addresses of hooks. It does not check that the host exists; the first call shows this."""
_URL: Final = re.compile(HOOK_URL)
_PORTS: Final = {"http": 80, "https": 443}
_MAX_ROWS: Final = 200
_DEFAULT_ROWS: Final = 10
_NAMES: Final = {
    "url": "url",
    "secret": "secret",
    "eventKeys": "event_keys",
    "isActive": "is_active",
    "displayName": "display_name",
    "description": "description",
    "failMethod": "fail_method",
    "timeout": "timeout",
}
_READ: Final = "fe.connectivity.read.webhooks"
_WRITE: Final = "fe.connectivity.write.webhook"


def list_webhooks(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """List the webhooks of a tenant or of the environment."""
    owner = _owner(environment, call)
    rows = environment.state.table(WebhookRow).values()
    return EmulatedResponse(body=[_shown(environment, row) for row in rows if row.tenant_id == owner])


def create(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Create a webhook."""
    owner = _owner(environment, call)
    now = environment.clock.timestamp()
    row = WebhookRow(
        id=environment.new_id(),
        tenant_id=owner,
        **hook_fields(environment, call.body),  # type: ignore[arg-type]  # the shape of the body has checked the types
        created_at=now,
        updated_at=now,
    )
    environment.state.put(row)
    return EmulatedResponse(status=201, body=_shown(environment, row))


def update(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Change fields of a webhook. If the webhook becomes active, its count of failures is reset."""
    row = _find(environment, call)
    changes = changed_fields(environment, call.body)
    failures = 0 if changes.get("is_active") else row.failures
    row = msgspec.structs.replace(row, **changes, failures=failures, updated_at=environment.clock.timestamp())
    environment.state.put(row)
    return EmulatedResponse(body=_shown(environment, row))


def delete(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Delete a webhook."""
    environment.state.remove(WebhookRow, _find(environment, call).id)
    return EmulatedResponse()


def logs(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Return some rows of the log of one webhook, or of all webhooks. The newest row is first."""
    owner = _owner(environment, call)
    hook_id = call.query.get("id")
    offset = query_integer(call.query, "offset", 0, least=0)
    limit = min(query_integer(call.query, "limit", _DEFAULT_ROWS, least=1), _MAX_ROWS)
    rows = [
        row
        for row in reversed(list(environment.state.table(DeliveryRow).values()))
        if row.tenant_id == owner and (not hook_id or row.webhook_id == hook_id)
    ]
    shown = [_shown_log(environment, row) for row in rows[offset : offset + limit]]
    return EmulatedResponse(body={"count": len(rows), "rows": shown})


def redeliver(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Send the body of a delivery in the log again. A disabled webhook is called too."""
    owner = _owner(environment, call)
    former = environment.state.table(DeliveryRow).get(call.path["log_id"])
    if former is None or former.tenant_id != owner or not former.body:
        raise service_error(404, "Webhook log not found")
    hook = environment.state.table(WebhookRow).get(former.webhook_id or "")
    if hook is None:
        raise service_error(404, "Webhook not found")
    again = DeliveryRow(
        id=environment.new_id(),
        tenant_id=former.tenant_id,
        at=environment.clock.timestamp(),
        webhook_id=hook.id,
        event_tenant_id=former.event_tenant_id,
        event_key=former.event_key,
        cause="redelivery",
        body=former.body,
    )
    return _send(environment, Outgoing(row=again, url=hook.url, secret=hook.secret or None))


def test(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Call an address in the same way as a webhook."""
    owner = _owner(environment, call)
    fields = hook_fields(environment, call.body)
    payload = call.body.get("payload")
    if payload is None:
        context = {"vendorId": environment.vendor_id, "tenantId": owner}
        payload = {"eventKey": "frontegg.webhook.test", "eventContext": cast("JsonValue", context)}
    row = DeliveryRow(
        id=environment.new_id(),
        tenant_id=owner,
        at=environment.clock.timestamp(),
        event_tenant_id=owner,
        event_key=str(cast("Mapping[str, JsonValue]", payload).get("eventKey", "")),
        cause="test",
        body=msgspec.json.encode(payload).decode(),
    )
    signs = environment.switches[WebhookSwitches].webhook_test_header == "signed"
    secret = cast("str", fields["secret"]) or None if signs else None
    return _send(environment, Outgoing(row=row, url=cast("str", fields["url"]), secret=secret))


def _send(environment: EmulatedEnvironment, outgoing: Outgoing) -> EmulatedResponse:
    return EmulatedResponse(status=201, outgoing=outgoing, shown=lambda: _shown_log(environment, outgoing.row))


def _owner(environment: EmulatedEnvironment, call: IncomingCall) -> str:
    """Return the id of the tenant that a request concerns.

    The id is empty for the environment. Only an environment token can select the environment.

    Raises:
        RequestRefusedError: 404 if the tenant does not exist, 401 if a switch refuses requests for the environment.
    """
    if call.caller.kind == "vendor":
        switches = environment.switches[WebhookSwitches]
        if switches.webhooks_by_vendor == "refuse":
            raise service_error(401, "Failed to verify user JWT")
        is_own = call.tenant_id == environment.vendor_id and switches.webhooks_environment_id == "accept"
        if is_own or not call.tenant_id:
            return ""
    return find_tenant(environment.state, call.tenant_id).tenant_id


def _find(environment: EmulatedEnvironment, call: IncomingCall) -> WebhookRow:
    """Return the webhook in the path, which must belong to the tenant or the environment that the request concerns.

    Raises:
        RequestRefusedError: 404 if there is no such webhook.
    """
    owner = _owner(environment, call)
    row = environment.state.table(WebhookRow).get(call.path["id"])
    if row is None or row.tenant_id != owner:
        raise service_error(404, "Webhook not found")
    return row


def hook_fields(environment: EmulatedEnvironment, body: Mapping[str, JsonValue]) -> dict[str, object]:
    """Check the fields of a webhook or a prehook in a body. Return the values by the names of fields in a row.

    Raises:
        RequestRefusedError: 400 if a value is not allowed.
    """
    problems: list[str] = []
    url = cast("str | None", body.get("url"))
    if url is not None and not _URL.fullmatch(url):
        problems.append("url must be a URL address")
    elif url is not None and _is_of_emulator(environment, url):
        problems.append("url must not be the emulator itself, whose admin API takes requests without a credential")
    if body.get("secret") == "":
        problems.append("secret should not be empty")
    if body.get("eventKeys") == []:
        problems.append("eventKeys should not be empty")
    if problems:
        raise validation_error(problems)
    fields = {_NAMES[name]: value for name, value in body.items() if name in _NAMES}
    if fields.get("secret", "") is None:  # clients send null if a webhook has no secret
        fields["secret"] = ""
    return {name: tuple(value) if isinstance(value, list) else value for name, value in fields.items()}


def _is_of_emulator(environment: EmulatedEnvironment, url: str) -> bool:
    """Return whether an address is the address of the emulator. The port and the text of the host are compared."""
    own = urlsplit(environment.issuer)
    try:
        given = urlsplit(url)
        is_its_port = (given.port or _PORTS[given.scheme]) == (own.port or _PORTS[own.scheme])
    except ValueError:  # the port is not valid; the call will fail and report this
        return False
    host = (given.hostname or "").removesuffix(".")
    return is_its_port and (host == own.hostname or is_loopback(host))


def changed_fields(environment: EmulatedEnvironment, body: Mapping[str, JsonValue]) -> dict[str, object]:
    """Check the fields of a webhook or a prehook to change. Return the values by the names of fields in a row.

    Raises:
        RequestRefusedError: 400 if a value is not allowed, or if the body has no fields.
    """
    if not body:
        raise validation_error(["the body must have at least one property to change"])
    return hook_fields(environment, body)


def _shown(environment: EmulatedEnvironment, row: WebhookRow) -> dict[str, object]:
    return {
        "_id": row.id,
        "displayName": row.display_name,
        "description": row.description,
        "url": row.url,
        "secret": row.secret or None,
        "eventKeys": row.event_keys,
        "isActive": row.is_active,
        "type": "custom",
        "vendorId": environment.vendor_id,
        **({"tenantId": row.tenant_id} if row.tenant_id else {}),
        "invocations": row.invocations,
        "createdAt": row.created_at,
        "updatedAt": row.updated_at,
    }


def _shown_log(environment: EmulatedEnvironment, row: DeliveryRow) -> dict[str, object]:
    sends = environment.switches[WebhookSwitches].webhook_log_body == "sent"
    return {
        "id": row.id,
        "webhookId": row.webhook_id,
        "tenantId": row.event_tenant_id,
        "vendorId": environment.vendor_id,
        "statusCode": None if row.status is None else str(row.status),
        "body": row.body if sends else row.received,
        "createdAt": row.at,
    }


def _needs_no_tenant(switches: Switches) -> bool:
    return switches[WebhookSwitches].webhooks_by_vendor != "tenant"


def _rule(run: Run, permission: str, *, takes_slash: bool = False) -> Rule:
    return Rule(run=run, permission=permission, takes_slash=takes_slash, needs_no_tenant=_needs_no_tenant)


RULES = {
    "webhooks.list": _rule(list_webhooks, _READ),
    "webhooks.create": _rule(create, _WRITE),
    "webhooks.update": _rule(update, _WRITE),
    "webhooks.delete": _rule(delete, "fe.connectivity.delete.webhook"),
    "webhooks.list_logs": _rule(logs, "fe.connectivity.read.webhookLogs", takes_slash=True),
    "webhooks.redeliver": _rule(redeliver, _WRITE),
    "webhooks.test": _rule(test, _WRITE),
}

TAGS = {"webhooks": Tag("Webhooks: addresses to which events are sent.", write_body="hook_write_body")}
