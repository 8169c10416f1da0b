"""Checks of accounts' metadata. The kit makes one change to each account, and reads all results with one listing."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Final

import attrs

from frontegg_async._values.json_values import JsonValue
from frontegg_async.conformance.answer import Answer, Json, at
from frontegg_async.conformance.check import Difference, Topic
from frontegg_async.conformance.not_tried import NotTriedError
from frontegg_async.conformance.probe import Probe, once_a_run
from frontegg_async.endpoints import Endpoint, Evidence
from frontegg_async.endpoints import tenants as operations

TOPIC: Final = Topic("metadata of accounts")
_check: Final = TOPIC.check


@attrs.frozen(eq=False)
class _Change:
    """A write of metadata. The account was created with the metadata that `Probe.account` sets."""

    account: str
    operation: Endpoint[object]
    metadata: JsonValue
    """The metadata to send, or the key to delete."""
    expected: Json


_MERGED: Final = _Change("first", operations.ADD_METADATA, {"seats": 5}, {"plan": "pro", "seats": 5})
_CUT: Final = _Change("people", operations.DELETE_METADATA, "plan", {"seats": 5})
_REPLACED: Final = _Change("second", operations.UPDATE, {"plan": "free"}, {"plan": "free"})
_NUMBER: Final = _Change("left", operations.UPDATE, 42, 42)
_MERGED_INTO_NUMBER: Final = _Change("holder", operations.ADD_METADATA, {"seats": 5}, {"seats": 5})
_MERGED_TEXT: Final = _Change("locked", operations.ADD_METADATA, "42", 42)
_TEXT: Final = _Change("child", operations.UPDATE, '{"plan": "pro"}', {"plan": "pro"})
_CHANGES: Final = (_MERGED, _CUT, _REPLACED, _NUMBER, _MERGED_INTO_NUMBER, _MERGED_TEXT, _TEXT)


@once_a_run
async def _changed(probe: Probe, change: _Change) -> Answer:
    """Make a change, and return the answer."""
    fields = {"tenant_id": await probe.account(change.account)}
    if change.operation is operations.DELETE_METADATA:
        return await probe.ask(change.operation, {**fields, "key": str(change.metadata)})
    return await probe.ask(change.operation, fields, body={"metadata": change.metadata})


@once_a_run
async def changed_accounts(probe: Probe) -> Answer:
    """Return the accounts of the kit after all changes."""
    for change in _CHANGES:
        with suppress(NotTriedError):  # the check of the change reports the error
            await _changed(probe, change)
    return await probe.ask(operations.LIST, query={"_filter": probe.prefix, "_limit": "200"})


def row_in(page: Answer, tenant_id: str) -> Json:
    """Return the row of an account in a page, or ``None``."""
    return next((row for row in page.items if at(row, "tenantId") == tenant_id), None)


async def _comes_back(probe: Probe, change: _Change) -> Difference:
    """Describe how an account's metadata differ from the expected result of a change."""
    answer = await _changed(probe, change)
    if not answer.is_done:
        return answer.unless(holds=False)
    tenant_id = await probe.account(change.account)
    text = at(row_in(await changed_accounts(probe), tenant_id), "metadata")
    try:
        found: Json = json.loads(text) if isinstance(text, str) else None
    except ValueError:
        found = None
    if found is None:
        raise NotTriedError("the metadata cannot be read")
    return None if found == change.expected else "the metadata have another value afterwards"


@_check("Added metadata are merged with the present metadata", Evidence.LIVE, writes=True)
async def _merges(probe: Probe) -> Difference:
    return await _comes_back(probe, _MERGED)


@_check("The addition of metadata answers with the account", Evidence.LIVE, "metadata_write_body", writes=True)
async def _merge_body(probe: Probe) -> Difference:
    answer = await _changed(probe, _MERGED)
    return answer.unless(answer.is_done and answer.at("tenantId") == await probe.account(_MERGED.account))


@_check(
    "A key of metadata is deleted, and the answer is the account", Evidence.LIVE, "metadata_write_body", writes=True
)
async def _delete_key(probe: Probe) -> Difference:
    answer = await _changed(probe, _CUT)
    is_right = answer.is_done and answer.at("tenantId") == await probe.account(_CUT.account)
    return answer.unless(is_right) or await _comes_back(probe, _CUT)


@_check("Metadata in an update replace all present metadata", Evidence.CLIENT, writes=True)
async def _replaced(probe: Probe) -> Difference:
    return await _comes_back(probe, _REPLACED)


@_check("Metadata may be any JSON value, such as 42", Evidence.LIVE, writes=True)
async def _number(probe: Probe) -> Difference:
    return await _comes_back(probe, _NUMBER)


@_check("A merge replaces present metadata that are not an object", Evidence.ASSUMED, "metadata_merge", writes=True)
async def _merge_number(probe: Probe) -> Difference:
    return await _comes_back(probe, _MERGED_INTO_NUMBER)


@_check(
    "Added JSON text that is not an object replaces all present metadata",
    Evidence.ASSUMED,
    "metadata_merge_text",
    writes=True,
)
async def _merge_text(probe: Probe) -> Difference:
    return await _comes_back(probe, _MERGED_TEXT)


@_check("Metadata sent as JSON text are not encoded twice", Evidence.LIVE, writes=True)
async def _text(probe: Probe) -> Difference:
    return await _comes_back(probe, _TEXT)


async def _add(probe: Probe, tenant_id: str, metadata: JsonValue) -> Answer:
    return await probe.ask(operations.ADD_METADATA, {"tenant_id": tenant_id}, body={"metadata": metadata})


@_check("An addition of null as metadata answers 400", Evidence.DOCUMENTED, writes=True)
async def _null(probe: Probe) -> Difference:
    answer = await _add(probe, await probe.account("first"), None)
    return answer.unless(answer.status == 400)


@_check("A write of metadata of an unknown account answers 404", Evidence.DOCUMENTED, writes=True)
async def _unknown(probe: Probe) -> Difference:
    answer = await _add(probe, probe.nobody, {"plan": "pro"})
    removed = await probe.ask(operations.DELETE_METADATA, {"tenant_id": probe.nobody, "key": "plan"})
    return answer.unless(answer.status == 404) or removed.unless(removed.status == 404)
