"""Each kind of an environment file: what is written is read again, and nothing else changes."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from frontegg_async import AsyncFrontegg
from frontegg_async._values.json_values import JsonValue
from frontegg_async.bulk.expectations import is_done
from frontegg_async.emulator import EmulatorHandle
from frontegg_async.errors import FronteggError, InvalidArgumentError, NotFoundError
from frontegg_async.managed.fields import Shape
from frontegg_async.managed.kinds import ManagedObject, Objects
from frontegg_async.managed.registry import ENVIRONMENT
from frontegg_async.managed.values import ObjectChanges, flattened, shown_at
from tests.managed.environment_cases import CASES, Flat, create_twin, prepare

pytestmark = pytest.mark.anyio

CHANGES = [(part, name) for part, case in CASES.items() for name in case.changes]
CREATED = [part for part in CASES if ENVIRONMENT[part].can_create]


def changes_of(part: str, values: Flat) -> ObjectChanges:
    return ObjectChanges(ENVIRONMENT[part].fields, values)


def full(part: str) -> Flat:
    return {**CASES[part].least, **CASES[part].more}


def without_secrets(part: str, values: Flat) -> Flat:
    fields = ENVIRONMENT[part].fields
    return {name: value for name, value in values.items() if fields[name.partition(".")[0]].shape is not Shape.SECRET}


def flat(part: str, found: ManagedObject) -> dict[str, JsonValue]:
    return flattened(ENVIRONMENT[part].fields, found.values)


def shown(part: str, found: ManagedObject, values: Flat) -> Mapping[str, JsonValue]:
    fields = ENVIRONMENT[part].fields
    return {name: shown_at(fields, found.values, name) for name in without_secrets(part, values)}


async def read(client: AsyncFrontegg, part: str) -> Objects:
    return await ENVIRONMENT[part].read(client._caller)


async def create(client: AsyncFrontegg, part: str, values: Flat) -> ManagedObject:
    """Create the object of a case, and return it as it is read."""
    await ENVIRONMENT[part].create(client._caller, CASES[part].key, changes_of(part, values), send_email=False)
    return (await read(client, part)).found[CASES[part].key]


async def update(client: AsyncFrontegg, part: str, found: ManagedObject, values: Flat) -> ManagedObject:
    await ENVIRONMENT[part].update(client._caller, found.key, found.id, changes_of(part, values))
    changed = (await read(client, part)).by_id(found.id)
    assert changed is not None
    return changed


@pytest.fixture
async def client(frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg) -> AsyncFrontegg:
    """Return a client of an environment with objects of each kind."""
    del frontegg_emulator
    await prepare(frontegg_client)
    return frontegg_client


def test_each_kind_has_a_case() -> None:
    """Each field is written: by a creation, unless only a change can set it, and by a change, unless it is fixed."""
    assert [*CASES] == [*ENVIRONMENT]
    for part, kind in ENVIRONMENT.items():
        created = {name.partition(".")[0] for name in full(part)}
        changed = {name.partition(".")[0] for name in CASES[part].changes}
        names = {*kind.fields} - {kind.key_field}
        assert changed == names
        if kind.can_create:
            assert created == {name for name in names if not kind.fields[name].is_later}
            assert {*CASES[part].least} >= {name for name in names if kind.fields[name].shape is Shape.TEXT} & {
                name for name in names if kind.fields[name].is_required
            }


@pytest.mark.parametrize("part", CREATED)
async def test_a_creation_with_all_fields(client: AsyncFrontegg, part: str) -> None:
    """All of it is read again, and a second reading returns the same."""
    before = (await read(client, part)).found

    created = await create(client, part, full(part))

    kind = ENVIRONMENT[part]
    wanted = without_secrets(part, full(part))
    if kind.key_field:
        wanted = {**wanted, kind.key_field: created.key}
    assert {name: value for name, value in flat(part, created).items() if value is not None} == wanted
    secrets = {name for name, field in kind.fields.items() if field.shape is Shape.SECRET}
    assert (created.secrets, created.reason_to_stay, bool(created.id)) == (secrets, None, True)
    once, again = await read(client, part), await read(client, part)
    assert [*once.found] == sorted([*before, created.key])
    assert json.dumps([dict(each.values) for each in once.found.values()]) == json.dumps(
        [dict(each.values) for each in again.found.values()]
    )


@pytest.mark.parametrize("part", CREATED)
async def test_a_creation_without_optional_fields(client: AsyncFrontegg, part: str) -> None:
    """The values that the service adds are none of the file's."""
    created = await create(client, part, CASES[part].least)
    assert is_done(shown(part, created, CASES[part].least), without_secrets(part, CASES[part].least))


@pytest.mark.parametrize(("part", "name"), CHANGES)
async def test_a_change_of_a_field(client: AsyncFrontegg, part: str, name: str) -> None:
    """It is read again, all else is as before, and the opposite change restores it."""
    values = {name: CASES[part].changes[name]}
    if ENVIRONMENT[part].can_create:
        before = await create(client, part, full(part))
    else:
        before = (await read(client, part)).found[CASES[part].key]
    others = {key: each.values for key, each in (await read(client, part)).found.items() if key != before.key}

    changed = await update(client, part, before, values)

    assert is_done(shown(part, changed, values), without_secrets(part, values))
    rest = flat(part, before).keys() | flat(part, changed).keys()
    assert shown(part, changed, dict.fromkeys(rest - {name})) == shown(part, before, dict.fromkeys(rest - {name}))
    found = (await read(client, part)).found
    assert {key: each.values for key, each in found.items() if key != changed.key} == others
    back = shown(part, before, values)
    field = ENVIRONMENT[part].fields[name.partition(".")[0]]
    if back and (back[name] is not None or field.is_nullable or field.has_members):
        restored = await update(client, part, changed, back)
        assert flat(part, restored) == flat(part, before)


@pytest.mark.parametrize(
    ("part", "name"),
    [(part, name) for part, kind in ENVIRONMENT.items() for name, field in kind.fields.items() if field.is_nullable],
)
async def test_null_clears(client: AsyncFrontegg, part: str, name: str) -> None:
    """A field that null clears has no value then, also when it is created so."""
    created = await create(client, part, full(part))
    assert created.values[name]
    assert is_done(shown(part, await update(client, part, created, {name: None}), {name: None}), {name: None})
    await ENVIRONMENT[part].delete(client._caller, created.key, created.id)
    again = await create(client, part, {**full(part), name: None})
    assert is_done(shown(part, again, {name: None}), {name: None})


@pytest.mark.parametrize("part", [part for part, kind in ENVIRONMENT.items() if kind.key_field])
async def test_a_rename(client: AsyncFrontegg, part: str) -> None:
    """The object has another key, the same id, and all other values."""
    created = await create(client, part, full(part))
    key_field = ENVIRONMENT[part].key_field
    assert created.values[key_field] == created.key

    renamed = await update(client, part, created, {key_field: "other"})

    assert (renamed.key, renamed.id) == ("other", created.id)
    assert renamed.values == {**created.values, key_field: "other"}
    assert created.key not in (await read(client, part)).found


@pytest.mark.parametrize("part", [part for part, kind in ENVIRONMENT.items() if kind.can_delete])
async def test_a_deletion(client: AsyncFrontegg, part: str) -> None:
    """All others stay."""
    before = await read(client, part)
    created = await create(client, part, full(part))
    await ENVIRONMENT[part].delete(client._caller, created.key, created.id)
    assert [*(await read(client, part)).found] == [*before.found]
    with pytest.raises(NotFoundError):
        await ENVIRONMENT[part].delete(client._caller, created.key, created.id)


@pytest.mark.parametrize("part", ["permission_categories", "applications"])
async def test_a_repeated_key(client: AsyncFrontegg, part: str) -> None:
    """Objects with the same key are listed by their ids, and are not managed."""
    created = await create(client, part, full(part))
    await create_twin(client, part)
    found = await read(client, part)
    assert created.key not in found.found
    [ids] = found.repeated.values()
    assert (len(ids), created.id in ids, [*found.repeated], list(ids)) == (2, True, [created.key], sorted(ids))


@pytest.mark.parametrize(("part", "name"), [(part, name) for part, case in CASES.items() for name in case.unknown])
async def test_an_unknown_reference(client: AsyncFrontegg, part: str, name: str) -> None:
    """It is refused before a write."""
    values = {name: CASES[part].unknown[name]}
    if ENVIRONMENT[part].can_create:
        found = await create(client, part, CASES[part].least)
    else:
        found = (await read(client, part)).found[CASES[part].key]
    with pytest.raises(FronteggError, match="there is no"):
        await update(client, part, found, values)
    assert (await read(client, part)).found[found.key].values == found.values


async def test_references_to_what_the_service_made(client: AsyncFrontegg) -> None:
    """Its permissions stay as they are, and roles refer to them."""
    permissions = (await read(client, "permissions")).found
    assert permissions["fe.secure.*"].reason_to_stay
    assert permissions["reports.read"].reason_to_stay is None
    roles = (await read(client, "roles")).found
    assert "fe.secure.*" in str(roles["Admin"].values["permissions"])
    assert roles["Admin"].reason_to_stay is None


async def test_a_category_that_is_deleted(client: AsyncFrontegg) -> None:
    """Its permissions have none."""
    found = (await read(client, "permission_categories")).found["Reports"]
    await client.permissions.delete_category(found.id)
    assert (await read(client, "permissions")).found["reports.read"].values["category"] is None


async def test_a_category_with_a_name_that_others_have(client: AsyncFrontegg) -> None:
    """No permission is put into it."""
    await client.permissions.create_category(name="Reports")
    with pytest.raises(InvalidArgumentError, match="several objects are the permission category 'Reports': "):
        await create(client, "permissions", full("permissions"))


async def test_null_in_metadata_of_others(client: AsyncFrontegg) -> None:
    """A change of another key keeps it."""
    created = await create(client, "applications", full("applications"))
    await client.applications.update(created.id, metadata={"a": None, "b": 1})
    changed = await update(client, "applications", created, {"metadata.b": 2})
    assert changed.values["metadata"] == {"a": None, "b": 2}


@pytest.mark.parametrize("values", [{"level": 1.5}, {"level": -1}, {"name": ""}])
def test_values_that_a_role_cannot_have(values: Flat) -> None:
    """The field says so, and nothing has to be sent."""
    for name, value in values.items():
        [(_, problem)] = ENVIRONMENT["roles"].fields[name].problems(value)
        assert problem.startswith(name)
