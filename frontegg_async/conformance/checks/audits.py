"""Checks of the audit log. The kit writes no audits, since audits cannot be deleted."""

from __future__ import annotations

from typing import Final

from frontegg_async.conformance.answer import Answer, at
from frontegg_async.conformance.check import Difference, Topic
from frontegg_async.conformance.checks.shared import need, need_text
from frontegg_async.conformance.not_tried import NotTriedError
from frontegg_async.conformance.probe import Probe, once_a_run
from frontegg_async.endpoints import Evidence
from frontegg_async.endpoints import audits as operations

TOPIC: Final = Topic("audits")
_check: Final = TOPIC.check

_OLDEST: Final = {"count": "2", "offset": "0", "sortBy": "createdAt", "sortDirection": "asc"}


@once_a_run
async def _everywhere(probe: Probe) -> Answer:
    return await probe.ask(operations.LIST, query=_OLDEST)


@once_a_run
async def _of_tenant(probe: Probe) -> tuple[str, Answer]:
    """Return the id of an account with audits, and the answer with its first audits."""
    tenant_id = at((await _everywhere(probe)).body, "data", 0, "tenantId")
    owner = tenant_id if isinstance(tenant_id, str) and tenant_id else await probe.existing()
    answer = await probe.ask(operations.LIST, query=_OLDEST, tenant_id=owner)
    need(answer, "the audits of an account cannot be read")
    if not isinstance(answer.at("data", 0), dict):
        raise NotTriedError("the account of the check has no audits")
    return owner, answer


@_check("A list of audits without a tenant has the audits of all tenants", Evidence.ASSUMED, "audits_without_tenant")
async def _without_tenant(probe: Probe) -> Difference:
    answer = await _everywhere(probe)
    if answer.is_done and answer.at("data", 0) is None:
        await _of_tenant(probe)  # raises if there are no audits at all
    return answer.unless(isinstance(answer.at("data", 0), dict))


@_check("An audit has its id in frontegg_id", Evidence.ASSUMED, "audits_id")
async def _id(probe: Probe) -> Difference:
    _, answer = await _of_tenant(probe)
    return answer.unless(isinstance(answer.at("data", 0, "frontegg_id"), str))


@_check("A list of audits has the number of all audits in total", Evidence.LIVE, "audits_total")
async def _total(probe: Probe) -> Difference:
    _, answer = await _of_tenant(probe)
    return answer.unless(isinstance(answer.at("total"), int))


@_check("The filter created_from includes audits of exactly that time", Evidence.ASSUMED, "audits_created_from")
async def _created_from(probe: Probe) -> Difference:
    tenant_id, first = await _of_tenant(probe)
    moment = need_text(first.at("data", 0, "createdAt"), "an audit has no createdAt")
    query = {**_OLDEST, "created_from": moment, "created_to": moment}
    answer = await probe.ask(operations.LIST, query=query, tenant_id=tenant_id)
    need(answer, "the audits since a time cannot be read")
    return answer.unless(isinstance(answer.at("data", 0), dict))


@_check("A filter finds audits by a part of a field's text", Evidence.ASSUMED, "audits_filter")
async def _filter(probe: Probe) -> Difference:
    tenant_id, first = await _of_tenant(probe)
    action = need_text(first.at("data", 0, "action"), "an audit has no action")
    answer = await probe.ask(operations.LIST, query={**_OLDEST, "filter": action[:-1]}, tenant_id=tenant_id)
    need(answer, "audits cannot be read with a filter")
    return answer.unless(isinstance(answer.at("data", 0), dict))


@_check("An export has only the rows that count and offset select", Evidence.ASSUMED, "audits_export")
async def _export(probe: Probe) -> Difference:
    tenant_id, found = await _of_tenant(probe)
    if found.at("data", 1) is None:
        raise NotTriedError("the account of the check has fewer than two audits")
    body = {"properties": [{"displayName": "Time", "name": "createdAt"}]}
    answer = await probe.ask(operations.EXPORT_CSV, query={**_OLDEST, "count": "1"}, body=body, tenant_id=tenant_id)
    if not isinstance(answer.body, str):
        raise NotTriedError(f"the export has no text: {answer.status}")
    return None if len(answer.body.split()) == 2 else "the export has other rows"


@_check("The offset of audits is the number of a row, not of a page", Evidence.DOCUMENTED)
async def _offset(probe: Probe) -> Difference:
    tenant_id, first = await _of_tenant(probe)
    second = first.at("data", 1, "frontegg_id")
    if not isinstance(second, str):
        raise NotTriedError("the account of the check has fewer than two audits with an id")
    answer = await probe.ask(operations.LIST, query={**_OLDEST, "offset": "1"}, tenant_id=tenant_id)
    need(answer, "the audits of an account cannot be read")
    return answer.unless(answer.at("data", 0, "frontegg_id") == second)


@_check("A count above 200 answers 400", Evidence.DOCUMENTED)
async def _count(probe: Probe) -> Difference:
    answer = await probe.ask(operations.LIST, query={**_OLDEST, "count": "201"}, tenant_id=await probe.existing())
    return answer.unless(answer.status == 400)


@_check("The statistics of an account have totalToday and severeThisWeek", Evidence.CLIENT)
async def _stats(probe: Probe) -> Difference:
    answer = await probe.ask(operations.STATS, tenant_id=await probe.existing())
    return answer.unless(isinstance(answer.at("totalToday"), int) and isinstance(answer.at("severeThisWeek"), int))


@_check("The metrics of audits are an object", Evidence.DOCUMENTED)
async def _metrics(probe: Probe) -> Difference:
    probe.leave_to_reads()
    answer = await probe.ask(operations.METRICS)
    return answer.unless(isinstance(answer.body, dict))


TOPIC.untried(
    "A write of an audit answers with the audit",
    Evidence.ASSUMED,
    "audit_write_body",
    why="audits cannot be deleted",
)
