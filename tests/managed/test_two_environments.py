"""One environment becomes as another by a file with the objects of each kind."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from frontegg_async import AsyncFrontegg
from frontegg_async._values.json_values import JsonValue
from frontegg_async.emulator import EmulatorHandle
from frontegg_async.managed.fields import SECRET, Shape
from frontegg_async.managed.kinds import ManagedObject, ObjectKind
from frontegg_async.managed.registry import ENVIRONMENT
from tests.managed.environment_cases import CASES, prepare
from tests.managed.writing import create, full

pytestmark = pytest.mark.anyio


def in_file(kind: ObjectKind, found: ManagedObject) -> dict[str, JsonValue]:
    """Return an object as a file has it, with references to its secrets."""
    values: dict[str, JsonValue] = {
        name: value
        for name, value in found.values.items()
        if name != kind.key_field and (value is not None or kind.fields[name].is_nullable)
    }
    secrets = [name for name, field in kind.fields.items() if field.shape is Shape.SECRET]
    return values | {name: {SECRET: "env:HOOK_SECRET"} for name in secrets}


async def file_of(client: AsyncFrontegg) -> str:
    parts: dict[str, object] = {"format": "frontegg-environment/1"}
    for part, kind in ENVIRONMENT.items():
        found = (await kind.read(client._caller)).found.values()
        parts[part] = {each.key: in_file(kind, each) for each in found if each.reason_to_stay is None}
    return json.dumps(parts, indent=1)


async def changes_by(client: AsyncFrontegg, file: Path) -> list[tuple[str, str]]:
    return [(change.key, str(change.path)) for change in await client.plan([file])]


@pytest.mark.slow
async def test_a_promotion(
    frontegg_emulator_server: EmulatorHandle,
    frontegg_client: AsyncFrontegg,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The plan of its own file is empty in both, and so both files are the same bytes, though all ids differ."""
    monkeypatch.setenv("HOOK_SECRET", "canary")
    await prepare(frontegg_client)
    for name in CASES:
        await create(frontegg_client, name, full(name))
    file, plan = tmp_path / "environment.json", tmp_path / "plan.jsonl"
    file.write_text(await file_of(frontegg_client), encoding="utf-8")
    assert await changes_by(frontegg_client, file) == []

    other = frontegg_emulator_server.create_environment()
    async with AsyncFrontegg(other.client_id, other.secret, base_url=other.url) as client:
        (await client.plan([file])).save(plan)
        report = await client.apply(plan, ledger=tmp_path / "ledger")
        assert report.succeeded == report.total, [each.message for each in report.rows()]
        assert await changes_by(client, file) == []
        assert await file_of(client) == file.read_text(encoding="utf-8")
