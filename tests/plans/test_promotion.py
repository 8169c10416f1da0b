"""The objects of one environment are brought to another one with other ids, by files alone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from frontegg_async import AsyncFrontegg
from frontegg_async.emulator import AsyncEmulatorHandle, Emulator, EmulatorHandle
from frontegg_async.errors import InvalidArgumentError
from tests.managed.environment_cases import CASES, prepare
from tests.managed.writing import create, full

pytestmark = [pytest.mark.anyio, pytest.mark.slow]


async def fill(client: AsyncFrontegg) -> None:
    """Create objects of each part with all their fields. Some refer to others, and two have secrets."""
    await prepare(client)
    for name in CASES:
        await create(client, name, full(name))
    viewer = (await client.roles.ids_of(["viewer"]))[0]
    await client.roles.set_permissions(viewer, permission_ids=await client.permissions.ids_of(["reports.write"]))


async def ids_of(client: AsyncFrontegg) -> set[str]:
    """Return the ids of roles, permissions and applications that people have made."""
    roles = {each.id async for each in client.roles.list() if each.key not in ("Admin", "ReadOnly")}
    permissions = {each.id async for each in client.permissions.list() if not each.key.startswith("fe.")}
    applications = {each.id for each in await client.applications.list().all() if each.name != "Default Application"}
    return roles | permissions | applications


async def writes_of(emulator: AsyncEmulatorHandle) -> int:
    """Return how many requests have written something."""
    return sum(each.method != "GET" and each.path != "/auth/vendor" for each in await emulator.journal())


def _contents(directory: Path, count: int) -> list[str]:
    """Return what the files of a directory have."""
    files = [each for each in directory.iterdir() if each.is_file()]
    assert len(files) == count
    return [each.read_bytes().decode("latin-1") for each in files]


@pytest.mark.parametrize("suffix", [".yml", ".json"])
async def test_both_environments_are_equal_after_a_promotion(
    frontegg_client: AsyncFrontegg,
    frontegg_emulator: EmulatorHandle,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    suffix: str,
) -> None:
    """Though each object has another id there. Nothing is sent by e-mail, and no file has a secret."""
    staging = frontegg_client
    await fill(staging)
    exported, variables = tmp_path / f"environment{suffix}", tmp_path / f"variables{suffix}"
    written = await staging.export(exported, kind="environment", vars=variables)
    assert written.not_readable == ()
    assert [*await staging.plan(exported, vars=variables)] == []
    async with Emulator() as emulator, emulator.client() as production:
        for number in range(3):  # so that ids that are counted differ
            await production.permissions.create(key=f"p{number}", name="P")
        plan = await production.plan(exported, vars=variables, prune=["part:permissions"])
        saved = tmp_path / "plan.jsonl"
        plan.save(saved)
        secrets = re.findall(r"env:(\w+)", saved.read_text(encoding="utf-8"))
        assert len(secrets) == 2
        with pytest.raises(InvalidArgumentError, match="there is no environment variable"):
            await production.apply(saved)
        assert await writes_of(emulator) == 3
        for name in secrets:
            monkeypatch.setenv(name, f"canary of {name}")
        report = await production.apply(saved)
        assert (report.succeeded, report.total) == (len(plan.writes), len(plan.writes)), [*report.rows(only="failed")]
        assert [*await production.plan(exported, vars=variables)] == []
        again = tmp_path / f"again{suffix}"
        await production.export(again, kind="environment")
        assert again.read_bytes() == exported.read_bytes()
        assert not await ids_of(staging) & await ids_of(production)
        [hook] = await production.webhooks.of_environment.list().all()
        assert hook.secret is not None
        assert hook.secret.reveal() == "canary of WEBHOOK_LEDGER_SECRET"
        assert (await emulator.outbox(), frontegg_emulator.outbox()) == ([], [])
        texts = [
            "".join(f"{row} {row.message} {row.input} {row.before}" for row in report.rows()),
            str(plan),
            repr(plan),
        ]
    assert not any("canary" in text for text in (*texts, *_contents(tmp_path, 5)))
