"""Questions about locked and deleted accounts in listings. The kit locks one account, and then deletes it."""

from __future__ import annotations

from typing import Final

from frontegg_async.conformance.answer import Answer, at
from frontegg_async.conformance.check import Topic
from frontegg_async.conformance.checks.shared import need
from frontegg_async.conformance.not_tried import NotTriedError
from frontegg_async.conformance.probe import Probe, once_a_run
from frontegg_async.conformance.question import Found, Value
from frontegg_async.endpoints import Evidence
from frontegg_async.endpoints import tenants as operations

TOPIC: Final = Topic("locked and deleted accounts in listings")

_ACCOUNT: Final = "gone"


async def _listings(probe: Probe) -> tuple[bool, bool]:
    """Return whether the listing by ids has the account, and whether the listing by a filter has the account."""
    tenant_id = await probe.account(_ACCOUNT)
    by_ids = await probe.ask(operations.LIST, query={"_tenantIds": [tenant_id]})
    plain = await probe.ask(operations.LIST, query={"_filter": tenant_id, "_limit": "200"})
    return _has(by_ids, tenant_id), _has(plain, tenant_id)


def _has(page: Answer, tenant_id: str) -> bool:
    return tenant_id in [at(row, "tenantId") for row in need(page, "accounts cannot be listed").items]


@once_a_run
async def _locked(probe: Probe) -> tuple[bool, bool]:
    """Lock the account, and return whether the listings have it."""
    body = {"tenantIds": [await probe.account(_ACCOUNT)]}
    need(await probe.ask(operations.LOCK, body=body), "the account could not be locked")
    found = await _listings(probe)
    need(await probe.ask(operations.UNLOCK, body=body), "the account could not be unlocked")
    return found


@once_a_run
async def _deleted(probe: Probe) -> tuple[bool, bool]:
    """Delete the account, and return whether the listings have it."""
    if not all(await _listings(probe)):
        raise NotTriedError("the listings do not have the account before it is deleted")
    tenant_id = await probe.account(_ACCOUNT)
    need(await probe.ask(operations.DELETE, {"tenant_id": tenant_id}), "the account could not be deleted")
    found = await _listings(probe)
    probe.unmade(_ACCOUNT)
    return found


def _value(found: tuple[bool, bool]) -> Value | Found:
    match found:
        case (True, True):
            return "listed"
        case (True, False):
            return "by_ids"
        case (False, False):
            return "left_out"
        case _:
            return Found(None, "Only listings without _tenantIds.")


@TOPIC.ask(
    "Do listings contain locked accounts?",
    Evidence.ASSUMED,
    "locked_tenants",
    {"listed": "Yes.", "by_ids": "Only listings with _tenantIds.", "left_out": "No."},
    writes=True,
)
async def _asked_locked(probe: Probe) -> Value | Found:
    return _value(await _locked(probe))


@TOPIC.ask(
    "Do listings contain deleted accounts?",
    Evidence.ASSUMED,
    "deleted_tenants",
    {"left_out": "No.", "by_ids": "Only listings with _tenantIds.", "listed": "Yes."},
    writes=True,
)
async def _asked_deleted(probe: Probe) -> Value | Found:
    return _value(await _deleted(probe))
