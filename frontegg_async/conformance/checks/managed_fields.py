"""Checks of the fields that plans write: a plan for a value that was just written must be empty.

A plan would read all accounts of the environment. These checks read only one account, and compare it as plans do.
"""

from __future__ import annotations

import enum
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Any, Final, TypeAlias, TypeVar, cast

from frontegg_async._values.json_values import JsonValue
from frontegg_async.client import AsyncFrontegg
from frontegg_async.conformance.answer import Answer
from frontegg_async.conformance.check import Difference, Topic
from frontegg_async.conformance.checks.applications import an_application, application_assigned
from frontegg_async.conformance.checks.shared import PEOPLE
from frontegg_async.conformance.client_calls import CallRefusedError, call, caller_of
from frontegg_async.conformance.not_tried import NotTriedError
from frontegg_async.conformance.plan_changes import planned_changes
from frontegg_async.conformance.probe import Probe, once_a_run
from frontegg_async.endpoints import Evidence, account_settings, hierarchy, tenants
from frontegg_async.models.account_settings import TenantSettingsUpdate
from frontegg_async.models.hierarchy import HierarchyAssignment, HierarchyRemoval
from frontegg_async.models.tenant_writes import TenantUpdate
from frontegg_async.models.tenants import MetadataUpdate
from frontegg_async.plans.accounts.fields import LOCK, OF_UPDATE, RESELLER, Path, named_values
from frontegg_async.plans.files.fields import METADATA, SETTINGS
from frontegg_async.snapshots.plans import read_plans
from frontegg_async.snapshots.rows import APPLICATIONS, PARENT, PLANS, Row

T = TypeVar("T")

TOPIC: Final = Topic("fields of accounts files")
_check: Final = TOPIC.check

_ACCOUNT: Final = "managed"
_OF_SETTINGS: Final = "second"
"""The account whose settings are written. It is a second account, since settings are fields of an account too."""
_ABOVE: Final = "holder"

# The values are of forms that a service may normalise: case, white space, final slashes, time zones and numbers.
_TEXTS: Final[Row] = {
    "creator_name": "Ann  O'Neil",
    "creator_email": "Ann@Conformance.invalid",
    "status": "Active",
    "website": "https://Conformance.invalid/",
    "application_url": "https://App.Conformance.invalid/Desk/?tab=1",
    "logo": "R0lGODlhAQABAAAAACw=",
    "logo_url": "https://conformance.invalid/Logo.GIF",
    "address": "1 Main Street,\n10115 Berlin ",
    "timezone": "Asia/Calcutta",
    "currency": "eur",
}
_SETTINGS: Final[Row] = {
    "application_url": "https://Till.Conformance.invalid/",
    "login_url": "https://Login.Conformance.invalid/",
    "address": "2 Main Street,\n10115 Berlin ",
    "timezone": "US/Eastern",
    "date_format": "DD/MM/YYYY",
    "time_format": "24h",
    "currency": "usd",
    "logo": "R0lGODlhAQABAAAAADs=",
}
_METADATA: Final[Row] = {
    "text": " Prüfung ",
    "whole_number": 40,
    "large_number": 2**53 + 1,
    "fraction": 0.1,
    "flag": True,
    "list": [1.0, "a", None, {}],
    "object": {"a.b": {"ä": []}, "c": None},
    "removed": "text",
}


class _Step(enum.Enum):
    """The two writes of a field. The values are the words in reports."""

    WRITTEN = "written"
    CLEARED = "cleared"


_ROWS: Final[Mapping[_Step, Row]] = {
    _Step.WRITTEN: {
        "name": "Conformance  Prüfung",
        **_TEXTS,
        RESELLER: True,
        LOCK: True,
        METADATA: _METADATA,
        SETTINGS: _SETTINGS,
    },
    _Step.CLEARED: {
        **dict.fromkeys(_TEXTS),
        RESELLER: False,
        LOCK: False,
        METADATA: {"removed": None},
        SETTINGS: dict.fromkeys(_SETTINGS),
    },
}
_VALUES: Final = {step: dict(named_values(row)) for step, row in _ROWS.items()}
"""The values that each step writes, by their paths."""

_Answers: TypeAlias = Mapping[str, Answer]
"""The answers to the writes of fields or keys, by their names."""


async def _together(send: Callable[[dict[str, Any]], Awaitable[Answer]], values: JsonValue) -> _Answers:
    """Write values with one request. If the service refuses a value, write each with a request of its own."""
    given = cast("dict[str, Any]", values)
    answer = await send(given)
    if answer.is_done:
        return dict.fromkeys(given, answer)
    return {name: await send({name: value}) for name, value in given.items()}


@once_a_run
async def _write_fields(probe: Probe, step: _Step) -> _Answers:
    path = {"tenant_id": await probe.account(_ACCOUNT)}
    values = {name: value for name, value in _ROWS[step].items() if name in OF_UPDATE}
    return await _together(lambda some: probe.ask(tenants.UPDATE, path, body=TenantUpdate(**some)), values)


@once_a_run
async def _write_metadata(probe: Probe, step: _Step) -> _Answers:
    path = {"tenant_id": await probe.account(_ACCOUNT)}
    if step is _Step.CLEARED:
        return {"removed": await probe.ask(tenants.DELETE_METADATA, {**path, "key": "removed"})}
    return await _together(
        lambda some: probe.ask(tenants.ADD_METADATA, path, body=MetadataUpdate(metadata=some)), _METADATA
    )


@once_a_run
async def _write_lock(probe: Probe, step: _Step) -> _Answers:
    operation = tenants.LOCK if step is _Step.WRITTEN else tenants.UNLOCK
    return {LOCK: await probe.ask(operation, body={"tenantIds": [await probe.account(_ACCOUNT)]})}


@once_a_run
async def _write_settings(probe: Probe, step: _Step) -> _Answers:
    tenant_id = await probe.account(_OF_SETTINGS)
    return await _together(
        lambda some: probe.ask(account_settings.UPDATE, body=TenantSettingsUpdate(**some), tenant_id=tenant_id),
        _ROWS[step][SETTINGS],
    )


@once_a_run
async def _write_parent(probe: Probe, step: _Step) -> Answer:
    pair = {"parent_tenant_id": await probe.account(_ABOVE), "child_tenant_id": await probe.account(_ACCOUNT)}
    if step is _Step.WRITTEN:
        return await probe.ask(hierarchy.ASSIGN, body=HierarchyAssignment(**pair))
    return await probe.ask(hierarchy.REMOVE, body=HierarchyRemoval(**pair))


# Reads, with the methods of the client that a plan uses.


async def _read(probe: Probe, make: Callable[[AsyncFrontegg], Awaitable[T]]) -> T:
    """Return the result of a client method that sends one request.

    Raises:
        NotTriedError: The budget is used up, or the call failed.
    """
    try:
        return await call(probe, make)
    except CallRefusedError as error:
        raise NotTriedError(f"the written value cannot be read: {error.error}") from None


@once_a_run
async def _account(probe: Probe, step: _Step) -> Row:
    """Return the account after all writes of a step."""
    writes = [_write_fields, _write_metadata]
    if step is _Step.WRITTEN:
        writes.append(_write_lock)
    else:
        await _write_lock(probe, step)  # a locked account may refuse the others
    for write in writes:
        with suppress(NotTriedError):  # the check of the field reports it
            await write(probe, step)
    tenant_id = await probe.account(_ACCOUNT)
    query = {"_filter": tenant_id, "_limit": "1", "_offset": "0"}
    page = await _read(probe, lambda client: client.send(tenants.LIST, query=query))
    for found in page.value.items:
        if found.tenant_id == tenant_id:
            return cast("Row", found.to_dict())
    raise NotTriedError("the account is not listed")


@once_a_run
async def _settings(probe: Probe, step: _Step) -> Row:
    """Return the settings of an account after the write of a step."""
    await _write_settings(probe, step)
    tenant_id = await probe.account(_OF_SETTINGS)
    found = await _read(probe, lambda client: client.account_settings.get(tenant_id))
    return {SETTINGS: cast("Row", found.to_dict())}


def _check_field(path: Path) -> None:
    write = {METADATA: _write_metadata, SETTINGS: _write_settings, LOCK: _write_lock}.get(path[0], _write_fields)
    read = _settings if path[0] == SETTINGS else _account
    steps = [step for step in _Step if path in _VALUES[step]]
    verbs = " and ".join(step.value for step in steps)

    @_check(f"A plan is empty after {'.'.join(path)} is {verbs}", Evidence.ASSUMED, *_switches(path), writes=True)
    async def _is_empty(probe: Probe) -> Difference:
        for step in steps:
            shown = await read(probe, step)  # after the writes of all fields
            answer = (await write(probe, step))[path[-1]]
            value = _VALUES[step][path]
            wanted: Row = {path[0]: value} if len(path) == 1 else {path[0]: {path[1]: value}}
            how = answer.unless(answer.is_done) or planned_changes(wanted, shown)
            if how is not None:
                return f"once {step.value}, {how}"
        return None


def _switches(path: Path) -> list[str]:
    value = _VALUES[_Step.WRITTEN][path]
    is_address = isinstance(value, str) and ("@" in value or "://" in value)
    return [*(["tenant_fields"] if path[0] != SETTINGS else []), *(["tenant_addresses"] if is_address else [])]


for _path in _VALUES[_Step.WRITTEN]:
    _check_field(_path)


@_check(f"A plan is empty after {PARENT} is written and cleared", Evidence.ASSUMED, writes=True)
async def _parent(probe: Probe) -> Difference:
    tenant_id = await probe.account(_ACCOUNT)
    for step, wanted in ((_Step.WRITTEN, await probe.account(_ABOVE)), (_Step.CLEARED, None)):
        answer = await _write_parent(probe, step)
        above = await _read(probe, lambda client: client.hierarchy.list_parents(tenant_id))
        shown = above[0].tenant_id if above else None
        how = answer.unless(answer.is_done) or planned_changes({PARENT: wanted}, {PARENT: shown})
        if how is not None:
            return f"once {step.value}, {how}"
    return None


@_check(f"A plan is empty after one of the {APPLICATIONS} is assigned", Evidence.ASSUMED, writes=True)
async def _applications(probe: Probe) -> Difference:
    answer = await application_assigned(probe)
    if not answer.is_done and answer.status != 409:  # 409: the account has the application already
        return answer.unless(holds=False)
    app_id, tenant_id = await an_application(probe), await probe.account(PEOPLE)
    found = await _read(probe, lambda client: client.applications.list_tenants(app_id))
    return planned_changes({APPLICATIONS: [app_id]}, {APPLICATIONS: [app_id] if tenant_id in found else []})


@_check(f"A plan is empty after one of the {PLANS} is assigned", Evidence.ASSUMED, writes=True)
async def _plans(probe: Probe) -> Difference:
    tenant_id = await probe.account(PEOPLE)
    probe.note_part(PLANS)  # deleting the plan in clean-up deletes the assignment too

    async def assign(client: AsyncFrontegg) -> str:
        plan = await client.plans.create(name=f"{probe.prefix}assigned")
        await client.plan_assignments.assign(plan.id, tenant_ids=[tenant_id])
        return plan.name

    try:
        name = await call(probe, assign)
    except CallRefusedError as error:
        return error.answer.unless(holds=False)
    assigned = await call(probe, lambda client: read_plans(caller_of(client, None), None))
    shown = cast("list[JsonValue]", assigned.of(tenant_id))
    return planned_changes({PLANS: [name]}, {PLANS: shown})
