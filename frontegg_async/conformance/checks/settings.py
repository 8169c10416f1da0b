"""Checks of account settings."""

from __future__ import annotations

from typing import Final

from frontegg_async.conformance.answer import Answer
from frontegg_async.conformance.check import Difference, Topic
from frontegg_async.conformance.checks.shared import NO_ID
from frontegg_async.conformance.probe import Probe, once_a_run
from frontegg_async.endpoints import Evidence
from frontegg_async.endpoints import account_settings as operations

TOPIC: Final = Topic("account settings")
_check: Final = TOPIC.check


@_check("Account settings are an object with the id of the account", Evidence.CLIENT)
async def _get(probe: Probe) -> Difference:
    tenant_id = await probe.existing()
    answer = await probe.ask(operations.GET, tenant_id=tenant_id)
    return answer.unless(answer.is_done and answer.at("tenantId") == tenant_id)


@_check("Public account settings have the id of the account, and no address", Evidence.CLIENT)
async def _public(probe: Probe) -> Difference:
    tenant_id = await probe.existing()
    answer = await probe.ask(operations.PUBLIC, tenant_id=tenant_id)
    return answer.unless(
        answer.is_done
        and answer.at("tenantId") == tenant_id
        and isinstance(answer.body, dict)
        and "address" not in answer.body
    )


@_check("A get of the settings of an unknown account answers 404", Evidence.DOCUMENTED)
async def _unknown(probe: Probe) -> Difference:
    answer = await probe.ask(operations.GET, tenant_id=NO_ID)
    return answer.unless(answer.status == 404)


@once_a_run
async def _updated(probe: Probe) -> Answer:
    tenant_id = await probe.account("first")
    return await probe.ask(operations.UPDATE, body={"timezone": "Europe/Berlin"}, tenant_id=tenant_id)


@_check("A get shows an update of account settings", Evidence.CLIENT, writes=True)
async def _kept(probe: Probe) -> Difference:
    answer = await _updated(probe)
    found = await probe.ask(operations.GET, tenant_id=await probe.account("first"))
    return answer.unless(answer.is_done) or found.unless(found.at("timezone") == "Europe/Berlin")


@_check("An update of account settings answers with the settings", Evidence.ASSUMED, "settings_write_body", writes=True)
async def _body(probe: Probe) -> Difference:
    answer = await _updated(probe)
    return answer.unless(answer.is_done and answer.at("tenantId") == await probe.account("first"))


@_check("An update of account settings with an empty body answers 400", Evidence.DOCUMENTED, writes=True)
async def _empty(probe: Probe) -> Difference:
    answer = await probe.ask(operations.UPDATE, body={}, tenant_id=await probe.account("first"))
    return answer.unless(answer.status == 400)
