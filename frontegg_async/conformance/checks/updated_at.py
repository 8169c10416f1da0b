"""Questions about updatedAt of accounts, which programs read to find changes. All changes use one account."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Final, TypeAlias

from frontegg_async._values.json_values import JsonValue
from frontegg_async.conformance.answer import at
from frontegg_async.conformance.check import Topic
from frontegg_async.conformance.checks.shared import member, need, need_text
from frontegg_async.conformance.not_tried import NotTriedError
from frontegg_async.conformance.probe import Probe, once_a_run
from frontegg_async.conformance.question import Value
from frontegg_async.endpoints import Evidence, account_settings, hierarchy, sso, tenants

TOPIC: Final = Topic("updatedAt of accounts")

_ACCOUNT: Final = "moved"
_MILLISECOND: Final = 0.001
_SECOND: Final = 1.0
_REFUSED: Final = "the change is refused"

_Write: TypeAlias = Callable[[Probe, str], Awaitable[None]]


@once_a_run
async def _resolution(probe: Probe) -> float:
    """Return the resolution of times in seconds. If two accounts have whole seconds, the resolution is a second."""
    for name in ("first", "second"):
        await probe.account(name)
    page = await probe.ask(tenants.LIST, query={"_filter": probe.prefix, "_limit": "200"})
    times = [at(row, "updatedAt") for row in page.items]
    texts = [each for each in times if isinstance(each, str)]
    if len(texts) < 2:
        raise NotTriedError("accounts have no updatedAt")
    return _MILLISECOND if any(each.partition(".")[2].strip("0Z") for each in texts) else _SECOND


@TOPIC.ask(
    "Which resolution does updatedAt have?",
    Evidence.ASSUMED,
    "updated_at_resolution",
    {"millisecond": "A millisecond.", "second": "A second."},
    writes=True,
)
async def _asked_resolution(probe: Probe) -> Value:
    return "second" if await _resolution(probe) == _SECOND else "millisecond"


# Writes. Each adds something that the account does not have yet.


async def _fields(probe: Probe, tenant_id: str) -> None:
    need(await probe.ask(tenants.UPDATE, {"tenant_id": tenant_id}, body={"name": "Conformance moved"}), _REFUSED)


async def _metadata(probe: Probe, tenant_id: str) -> None:
    body: JsonValue = {"metadata": {"plan": "pro"}}
    need(await probe.ask(tenants.ADD_METADATA, {"tenant_id": tenant_id}, body=body), _REFUSED)


async def _settings(probe: Probe, tenant_id: str) -> None:
    body = {"timezone": "Europe/Berlin"}
    need(await probe.ask(account_settings.UPDATE, body=body, tenant_id=tenant_id), _REFUSED)


async def _hierarchy(probe: Probe, tenant_id: str) -> None:
    body = {"parentTenantId": await probe.account("holder"), "childTenantId": tenant_id}
    need(await probe.ask(hierarchy.ASSIGN, body=body), _REFUSED)


async def _sso(probe: Probe, tenant_id: str) -> None:
    need(await probe.ask(sso.CREATE, body={"tenantId": tenant_id, "type": "saml", "enabled": False}), _REFUSED)


async def _users(probe: Probe, _tenant_id: str) -> None:
    await member(probe, "may", _ACCOUNT)


async def _lock(probe: Probe, tenant_id: str) -> None:
    need(await probe.ask(tenants.LOCK, body={"tenantIds": [tenant_id]}), _REFUSED)


_WRITES: Final[Mapping[str, tuple[str, Value, _Write]]] = {
    "fields": ("a change of the name", "moves", _fields),
    "metadata": ("a change of metadata", "moves", _metadata),
    "settings": ("a change of account settings", "moves", _settings),
    "hierarchy": ("another parent", "stays", _hierarchy),
    "sso": ("a new SSO configuration", "stays", _sso),
    "users": ("a new user", "stays", _users),
    "lock": ("a lock", "moves", _lock),  # the last change, since a locked account may refuse the others
}
"""The changes by their names in switches: a description, the default effect on updatedAt, and the write."""


@once_a_run
async def _moves(probe: Probe) -> Mapping[str, Value | NotTriedError]:
    """Return the effect of each change on updatedAt, or the error if the change could not be made."""
    tenant_id = await probe.account(_ACCOUNT)
    found: dict[str, Value | NotTriedError] = {}
    changed = time.monotonic()
    resolution, before = await _resolution(probe), await _updated_at(probe, tenant_id)
    for cause, (_, _, write) in _WRITES.items():
        try:
            await _let_the_time_pass(changed, resolution)
            await write(probe, tenant_id)
            changed = time.monotonic()
            after = await _updated_at(probe, tenant_id)
        except NotTriedError as error:
            found[cause] = error
            continue
        found[cause] = "stays" if after == before else "moves"
        before = after
    return found


async def _let_the_time_pass(changed: float, resolution: float) -> None:
    """Wait until the next change gets a different time.

    Raises:
        NotTriedError: The wait would take a second.
    """
    missing = changed + resolution - time.monotonic()
    if missing > _MILLISECOND:
        raise NotTriedError(
            "times are whole seconds, and the requests are too fast: a run with --rate 30 tries this check"
        )
    await asyncio.sleep(max(missing, 0) + _MILLISECOND)


async def _updated_at(probe: Probe, tenant_id: str) -> str:
    answer = await probe.ask(tenants.GET, {"tenant_id": tenant_id})
    row = answer.body if isinstance(answer.body, dict) else answer.at(0)
    return need_text(at(row, "updatedAt"), "the account has no updatedAt")


def _ask_move(cause: str) -> None:
    what, expected, _ = _WRITES[cause]
    words: Mapping[Value, str] = {"moves": "Yes.", "stays": "No."}
    answers = {value: words[value] for value in sorted(words, key=lambda value: value != expected)}

    @TOPIC.ask(f"Does {what} change updatedAt?", Evidence.ASSUMED, f"updated_at_by_{cause}", answers, writes=True)
    async def _asked(probe: Probe) -> Value:
        found = (await _moves(probe))[cause]
        if isinstance(found, NotTriedError):
            raise NotTriedError(*found.args)
        return found


for _cause in _WRITES:
    _ask_move(_cause)
