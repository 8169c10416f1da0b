"""Checks of accounts: get, create, update, delete."""

from __future__ import annotations

import uuid
from typing import Final

from frontegg_async.conformance.check import Difference, Topic
from frontegg_async.conformance.probe import Probe
from frontegg_async.endpoints import Evidence
from frontegg_async.endpoints import tenants as operations

TOPIC: Final = Topic("accounts")
_check: Final = TOPIC.check


@_check("A get by an unknown id answers 200 with an empty array", Evidence.DOCUMENTED, "unknown_tenant")
async def _unknown_id(probe: Probe) -> Difference:
    answer = await probe.ask(operations.GET, {"tenant_id": str(uuid.uuid4())})
    return answer.unless(answer.status == 200 and answer.body == [])


@_check("A get answers with an object", Evidence.CLIENT, "get_shape")
async def _get_shape(probe: Probe) -> Difference:
    tenant_id = await probe.existing()
    answer = await probe.ask(operations.GET, {"tenant_id": tenant_id})
    return answer.unless(answer.at("tenantId") == tenant_id)


@_check("A create with the id of a live account answers 409", Evidence.ASSUMED, "duplicate_create", writes=True)
async def _duplicate(probe: Probe) -> Difference:
    tenant_id = await probe.account("first")
    answer = await probe.ask(operations.CREATE, body={"tenantId": tenant_id, "name": "Twice"})
    return answer.unless(answer.status == 409)
