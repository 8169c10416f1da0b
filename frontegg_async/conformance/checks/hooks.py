"""Checks of webhooks and prehooks. These checks only read: `managed_objects` writes a webhook and a prehook."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Final, cast

from frontegg_async._values.json_values import JsonValue
from frontegg_async.conformance.answer import Answer, at
from frontegg_async.conformance.check import Difference, Topic
from frontegg_async.conformance.checks.environment import environment_of
from frontegg_async.conformance.checks.shared import NO_REQUESTS, need, need_text
from frontegg_async.conformance.not_tried import NotTriedError
from frontegg_async.conformance.probe import Probe, once_a_run
from frontegg_async.conformance.question import Found, Value
from frontegg_async.endpoints import Evidence, event_definitions, prehooks
from frontegg_async.endpoints import webhooks as operations

TOPIC: Final = Topic("webhooks and prehooks")
_check: Final = TOPIC.check

_ENVELOPE: Final = frozenset({"eventKey", "eventContext"})


async def _environment_id(probe: Probe) -> str:
    return need_text((await environment_of(probe)).at("id"), "the environment has no id")


@once_a_run
async def _webhooks(probe: Probe) -> Answer:
    return await probe.ask(operations.LIST, tenant_id=await _environment_id(probe))


@once_a_run
async def _with_tenant(probe: Probe) -> Answer:
    return await probe.ask(operations.LIST, tenant_id=await probe.existing())


@TOPIC.ask(
    "Does an environment token manage webhooks?",
    Evidence.LIVE,
    "webhooks_by_vendor",
    {
        "tenant": "With a tenant header. Without a tenant header, the answer is 403.",
        "serve": "With a tenant header, and also without a tenant header.",
        "refuse": "No, only tokens of users do.",
    },
)
async def _by_vendor(probe: Probe) -> Value | Found:
    without = await probe.ask(operations.LIST)
    if without.is_done:
        return "serve"
    answer = await _with_tenant(probe)
    if not answer.is_done:
        return "refuse"
    if without.status != HTTPStatus.FORBIDDEN:
        return Found("tenant", f"With a tenant header. Without a tenant header, the service answers {without.shape}.")
    return "tenant"


@TOPIC.ask(
    "Where are the webhooks of the environment?",
    Evidence.ASSUMED,
    "webhooks_environment_id",
    {
        "accept": "At the environment's own id, used as a tenant id.",
        "refuse": "Not at the environment's own id: the service refuses this id as a tenant id.",
    },
)
async def _of_environment(probe: Probe) -> Value:
    need(await _with_tenant(probe), "an environment token manages no webhooks")
    return "accept" if (await _webhooks(probe)).is_done else "refuse"


@_check("The webhooks are an array of rows with _id, url and eventKeys", Evidence.CLIENT)
async def _array(probe: Probe) -> Difference:
    answer = need(await _webhooks(probe), "the webhooks cannot be listed")
    row = answer.at(0)
    return answer.unless(answer.body == [] or (isinstance(row, dict) and {"_id", "url", "eventKeys"} <= row.keys()))


@once_a_run
async def _logs(probe: Probe) -> Answer:
    query = {"offset": "0", "limit": "10"}
    return await probe.ask(operations.LOGS, query=query, tenant_id=await _environment_id(probe))


@_check("The log of webhooks has count and rows", Evidence.CLIENT)
async def _log(probe: Probe) -> Difference:
    answer = need(await _logs(probe), "the log of webhooks cannot be read")
    return answer.unless(isinstance(answer.at("count"), int) and isinstance(answer.at("rows"), list))


async def _bodies(probe: Probe) -> list[Mapping[str, JsonValue]]:
    """Return the bodies in the log that are events. Raise if the log has no rows."""
    rows = need(await _logs(probe), "the log of webhooks cannot be read").at("rows")
    if not isinstance(rows, list) or not rows:
        raise NotTriedError("no webhook was called")
    return [body for body in (_parsed(at(row, "body")) for row in rows) if "eventKey" in body]


def _parsed(text: JsonValue) -> Mapping[str, JsonValue]:
    try:
        value = json.loads(text) if isinstance(text, str) else text
    except ValueError:
        return {}
    return cast("Mapping[str, JsonValue]", value) if isinstance(value, dict) else {}


@_check("The log of a webhook has the body that was sent", Evidence.ASSUMED, "webhook_log_body")
async def _log_body(probe: Probe) -> Difference:
    return None if await _bodies(probe) else "the rows have other bodies"


@_check("The body of an event has its subject in a field named after the subject", Evidence.ASSUMED, "webhook_subject")
async def _subject(probe: Probe) -> Difference:
    events = [
        body
        for body in await _bodies(probe)
        if str(body["eventKey"]).startswith(("frontegg.tenant.", "frontegg.user."))
    ]
    if not events:
        raise NotTriedError("no body in the log is an event about a tenant or a user")
    match sorted(events[0].keys() - _ENVELOPE):
        case ["tenant"] | ["user"]:
            return None
        case ["data"]:
            return "the subject is in data"
        case []:
            return "the body has no subject"
        case _:
            return "the fields of the subject are beside the event key"


@_check("The definitions of events are an array of rows with key", Evidence.LIVE)
async def _events(probe: Probe) -> Difference:
    answer = await probe.ask(event_definitions.LIST)
    return answer.unless(answer.body == [] or isinstance(answer.at(0, "key"), str))


@_check("The prehooks are an array", Evidence.CLIENT)
async def _prehooks(probe: Probe) -> Difference:
    answer = await probe.ask(prehooks.LIST)
    return answer.unless(answer.status == 200 and isinstance(answer.body, list))


_RECEIVER: Final = "the kit runs no server that the service can reach, and a webhook concerns the whole environment"
_INACTIVE: Final = "the kit's prehook is not active, since the service would call it for users of others"

TOPIC.untried("A call in the log can be repeated by hand", Evidence.CLIENT, why=_RECEIVER)
for _name, _switch in (
    ("The signature of a webhook has the claims iat and exp", "webhook_claims"),
    ("The test of a webhook is signed", "webhook_test_header"),
):
    TOPIC.untried(_name, Evidence.LIVE, _switch, why=_RECEIVER)
for _name, _switch, _why in (
    ("A webhook of the environment receives the events of all accounts", "webhooks_of_environment", _RECEIVER),
    ("A webhook is disabled after five failures in a row", "webhook_after_failures", _RECEIVER),
    ("frontegg.tenant.updated is sent for changes of fields only", "tenant_updated_event", _RECEIVER),
    ("An event has at most one prehook, and a second prehook answers 409", "second_prehook", NO_REQUESTS),
    (
        "A request answers 403 if its prehook fails and has the fail method CLOSE",
        "failed_prehook",
        _INACTIVE,
    ),
    ("A prehook may refuse a request with any status from 400 to 499", "prehook_status", _INACTIVE),
    ("The creation of a hook answers with the hook", "hook_write_body", NO_REQUESTS),
):
    TOPIC.untried(_name, Evidence.ASSUMED, _switch, why=_why)
