"""The objects of one environment are brought to another one with other ids, by files alone."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest

from frontegg_async import AsyncFrontegg
from frontegg_async.emulator import AsyncEmulatorHandle, Emulator, EmulatorHandle
from frontegg_async.errors import InvalidArgumentError
from tests.managed.environment_cases import prepare, rule

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

_SECRETS: Final = {"ORDERS": "canary-of-staging", "GATE": "canary-of-the-gate"}


async def fill(client: AsyncFrontegg) -> None:
    """Create objects of each part, which refer to each other."""
    await prepare(client)
    await client.permissions.create(key="reports.write", name="Write")
    roles = {role.key: role.id async for role in client.roles.list()}
    ids = await client.permissions.ids_of(["reports.read", "reports.write"])
    await client.roles.set_permissions(roles["viewer"], permission_ids=ids)
    await client.jwt_templates.targeting.set(
        rules=[
            rule("standard", "roleIds", roles["viewer"]),
            rule("standard", "applicationId", *[app.id for app in await client.applications.list().all()]),
        ]
    )
    await client.webhooks.of_environment.create(
        display_name="Orders",
        url="https://orders.example/hooks",
        secret=_SECRETS["ORDERS"],
        event_keys=["frontegg.tenant.created"],
    )
    await client.prehooks.create(
        display_name="Gate",
        url="https://gate.example/hooks",
        secret=_SECRETS["GATE"],
        event_keys=["CREATE_TENANT"],
        fail_method="open",
    )
    await client.sso.settings.set_oidc_config(enabled=True, redirect_uri="https://app.example/oidc")
    await client.sso.settings.set_multiple_sso_config(
        enabled=True, use_active_tenant=False, unspecified_tenant_strategy="BLOCK"
    )


async def ids_of(client: AsyncFrontegg) -> set[str]:
    """Return the ids of roles, permissions and applications that people have made."""
    roles = {each.id async for each in client.roles.list() if each.key not in ("Admin", "ReadOnly")}
    permissions = {each.id async for each in client.permissions.list() if not each.key.startswith("fe.")}
    applications = {each.id for each in await client.applications.list().all() if not each.is_default}
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
            monkeypatch.setenv(name, _SECRETS["ORDERS" if "ORDERS" in name else "GATE"])
        report = await production.apply(saved)
        assert (report.succeeded, report.total) == (len(plan.writes), len(plan.writes)), [*report.rows(only="failed")]
        assert [*await production.plan(exported, vars=variables)] == []
        again = tmp_path / f"again{suffix}"
        await production.export(again, kind="environment")
        assert again.read_bytes() == exported.read_bytes()
        assert not await ids_of(staging) & await ids_of(production)
        hooks = await production.webhooks.of_environment.list().all()
        assert [each.secret.reveal() for each in hooks if each.secret] == [_SECRETS["ORDERS"]]
        assert (await emulator.outbox(), frontegg_emulator.outbox()) == ([], [])
        texts = [
            "".join(f"{row} {row.message} {row.input} {row.before}" for row in report.rows()),
            str(plan),
            repr(plan),
        ]
    assert not any("canary" in text for text in (*texts, *_contents(tmp_path, 5)))
