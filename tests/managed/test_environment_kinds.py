"""Each kind of an environment file: what is written is read again, and nothing else changes."""

from __future__ import annotations

import json

import pytest

from frontegg_async import AsyncFrontegg
from frontegg_async.bulk.expectations import is_done
from frontegg_async.emulator import EmulatorHandle
from frontegg_async.errors import FronteggError, NotFoundError
from frontegg_async.managed.fields import Shape
from frontegg_async.managed.registry import ENVIRONMENT
from tests.managed.environment_cases import CASES, create_twin, prepare
from tests.managed.writing import create, delete, flat, full, kind_of, read, shown, update, without_secrets

pytestmark = [pytest.mark.anyio, pytest.mark.one_python]

CREATED = [name for name, case in CASES.items() if ENVIRONMENT[case.part].can_create]
CHANGES = [(name, path) for name, case in CASES.items() for path in case.changes]
NULLABLE = [
    (name, path.name)
    for name, case in CASES.items()
    for path in ENVIRONMENT[case.part].fields_of(case.key).values()
    if path.is_nullable
]


@pytest.fixture
async def client(frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg) -> AsyncFrontegg:
    """Return a client of an environment with objects of each kind."""
    del frontegg_emulator
    await prepare(frontegg_client)
    return frontegg_client


def test_each_field_has_a_case() -> None:
    """A creation sets it, unless only a change can, and a change sets it, unless it is fixed."""
    keys = [(case.part, case.key) for case in CASES.values()]
    assert [*dict.fromkeys(part for part, _ in keys)] == [*ENVIRONMENT]
    for part, kind in ENVIRONMENT.items():
        assert not kind.keys or [key for of, key in keys if of == part] == [*kind.keys]
    for case in CASES.values():
        kind = ENVIRONMENT[case.part]
        fields = {name: field for name, field in kind.fields_of(case.key).items() if name != kind.key_field}
        created, least, changed = (
            {path.partition(".")[0] for path in values}
            for values in ({**case.least, **case.more}, case.least, case.changes)
        )
        assert created == {name for name, field in fields.items() if not field.is_later}
        assert least == {name for name, field in fields.items() if field.is_required}
        assert changed == {name for name, field in fields.items() if not field.is_fixed}


@pytest.mark.parametrize("name", CASES)
async def test_all_fields(client: AsyncFrontegg, name: str) -> None:
    """What is written is read again, and a second reading returns the same."""
    before = (await read(client, name)).found

    created = await create(client, name, full(name))

    kind, wanted = kind_of(name), dict(without_secrets(name, full(name)))
    if kind.key_field:
        wanted[kind.key_field] = created.key
    assert {path: value for path, value in flat(name, created).items() if value is not None} == wanted
    secrets = {path for path, field in kind.fields.items() if field.shape is Shape.SECRET}
    assert (created.secrets, created.reason_to_stay, bool(created.id)) == (secrets, None, kind.can_create)
    once, again = await read(client, name), await read(client, name)
    assert [*once.found] == sorted({*before, created.key})
    assert json.dumps([dict(each.values) for each in once.found.values()]) == json.dumps(
        [dict(each.values) for each in again.found.values()]
    )


@pytest.mark.parametrize("name", CREATED)
async def test_a_creation_without_optional_fields(client: AsyncFrontegg, name: str) -> None:
    """The values that the service adds are none of the file's."""
    created = await create(client, name, CASES[name].least)
    assert is_done(shown(name, created, CASES[name].least), without_secrets(name, CASES[name].least))


@pytest.mark.parametrize(("name", "path"), CHANGES)
async def test_a_change_of_a_field(client: AsyncFrontegg, name: str, path: str) -> None:
    """It is read again, all else is as before, and the opposite change restores it."""
    values, case = {path: CASES[name].changes[path]}, CASES[name]
    before = await create(client, name, full(name))
    others = {key: each.values for key, each in (await read(client, name)).found.items() if key != case.key}

    changed = await update(client, name, before, values)

    assert is_done(shown(name, changed, values), without_secrets(name, values))
    rest = dict.fromkeys((flat(name, before).keys() | flat(name, changed).keys()) - {path})
    assert shown(name, changed, rest) == shown(name, before, rest)
    found = (await read(client, name)).found
    assert {key: each.values for key, each in found.items() if key != changed.key} == others
    back, field = shown(name, before, values), kind_of(name).fields[path.partition(".")[0]]
    if back and (back[path] is not None or field.is_nullable or field.has_members):
        assert flat(name, await update(client, name, changed, back)) == flat(name, before)


@pytest.mark.parametrize(("name", "path"), NULLABLE)
async def test_null_clears(client: AsyncFrontegg, name: str, path: str) -> None:
    """A field that null clears has no value then, also when it is created so."""
    case, null = CASES[name], {path: None}
    created = await create(client, name, full(name))
    filled = await update(client, name, created, {path: case.changes[path]})
    assert filled.values[path]
    assert (await update(client, name, filled, null)).values[path] is None
    field = kind_of(name).fields[path]
    assert ([*field.problems("")], field.canonical("")) == ([], None)
    if name in CREATED and path in case.more:
        await delete(client, name, created)
        assert (await create(client, name, {**full(name), **null})).values[path] is None


@pytest.mark.parametrize("name", [name for name in CASES if kind_of(name).key_field])
async def test_a_rename(client: AsyncFrontegg, name: str) -> None:
    """The object has another key, the same id, and all other values."""
    created = await create(client, name, full(name))
    key_field = kind_of(name).key_field
    assert created.values[key_field] == created.key

    renamed = await update(client, name, created, {key_field: "other"})

    assert (renamed.key, renamed.id) == ("other", created.id)
    assert renamed.values == {**created.values, key_field: "other"}
    assert created.key not in (await read(client, name)).found


@pytest.mark.parametrize("name", [name for name in CASES if kind_of(name).can_delete])
async def test_a_deletion(client: AsyncFrontegg, name: str) -> None:
    """All others stay."""
    before = await read(client, name)
    created = await create(client, name, full(name))
    await delete(client, name, created)
    assert [*(await read(client, name)).found] == [*before.found]
    with pytest.raises(NotFoundError):
        await delete(client, name, created)


@pytest.mark.parametrize(
    "name", ["permission_categories", "applications", "webhooks", "prehooks", "plans", "feature_flags"]
)
async def test_a_repeated_key(client: AsyncFrontegg, name: str) -> None:
    """Objects with the same key are listed by their ids, and are not managed."""
    created = await create(client, name, full(name))
    await create_twin(client, name)
    found = await read(client, name)
    assert created.key not in found.found
    [ids] = found.repeated.values()
    assert (len(ids), created.id in ids, [*found.repeated], list(ids)) == (2, True, [created.key], sorted(ids))


@pytest.mark.parametrize(("name", "path"), [(name, path) for name, case in CASES.items() for path in case.unknown])
async def test_an_unknown_reference(client: AsyncFrontegg, name: str, path: str) -> None:
    """It is refused before a write."""
    found = await create(client, name, full(name))
    with pytest.raises(FronteggError, match="there is no"):
        await update(client, name, found, {path: CASES[name].unknown[path]})
    assert (await read(client, name)).found[found.key].values == found.values
