"""Runs the conformance kit against an environment of an emulator."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final, cast

from frontegg_async import AsyncFrontegg, Options, RequestSnapshot, Secret
from frontegg_async.conformance.budget import Budget
from frontegg_async.conformance.check import Check, Result
from frontegg_async.conformance.clean_up import clean_up
from frontegg_async.conformance.made import Made
from frontegg_async.conformance.probe import Credentials, Probe
from frontegg_async.conformance.runner import run_checks
from frontegg_async.emulator import EmulatorHandle

_CHANGED_BY_CALLS: Final = frozenset({"invocations", "failures", "isActive", "updatedAt"})
"""The fields of a webhook that its calls change."""

LOOKS_AS: Final[Mapping[tuple[str, str | int], str | int]] = {
    ("hierarchy_write_body", "empty"): "object",  # a write of the hierarchy has no object to answer with
    ("tenant_addresses", "without_slash"): "as_sent",  # a plan ignores slashes at an end
    ("tenant_addresses", "lower_case"): "as_sent",  # and that addresses are in lower case
    ("sso_domain_validation", "published"): "refuse",  # no domain of the kit has a TXT record
}
"""Values of switches that look from outside as another one does."""
LAGS: Final = ("get_lag", "listing_lag")
"""Switches of which each value takes seconds to see."""


def busy_environment(emulator: EmulatorHandle, **switches: str | int) -> EmulatorHandle:
    """Return an environment in use: it has accounts, users, audits and calls of a webhook."""
    environment = emulator.create_environment()
    with environment.client() as frontegg:
        frontegg.webhooks.of_environment.create(
            url="http://127.0.0.1:9/", secret="s", event_keys=["frontegg.tenant.created"]
        )
        for switch, value in switches.items():
            if switch != "environment_credential":
                environment.set_switch(switch, value)
        environment.seed(
            tenants=[{"tenantId": f"north-{number}", "name": "North"} for number in range(51)],
            users=[
                {"id": name, "email": f"{name}@north.example", "tenantId": "north-0"} for name in ("ann", "bob", "eve")
            ],
        )
        frontegg.tenants.create(tenant_id="acme", name="Acme")
        frontegg.tenants.update("acme", name="Acme Inc")
    environment.deliveries_done()
    if "environment_credential" in switches:  # the writes above need it
        environment.set_switch("environment_credential", switches["environment_credential"])
    return environment


def results_of(
    environment: EmulatorHandle,
    checks: Sequence[Check],
    record: Path | None,
    *,
    stop_at: int | None = None,
) -> list[Result]:
    """Run checks, those that write if there is a file to record what they make, and return what came of them.

    Args:
        environment: The environment of the emulator.
        checks: The checks.
        record: The file; ``None`` for a run that only reads.
        stop_at: Cancels the run at a request, by its number, and returns nothing.
    """

    async def run() -> list[Result]:
        budget = Budget(10_000, None)
        made = None if record is None else Made.begin(record, "emulator")
        credentials = Credentials(client_id=environment.client_id, secret=Secret(environment.secret))

        def note(request: RequestSnapshot) -> None:
            budget.note(request)
            if budget.used == stop_at:
                task.cancel()

        async with AsyncFrontegg(
            environment.client_id,
            environment.secret,
            base_url=environment.url,
            on_request=note,
            options=Options(max_retries=0, deadline=10),
        ) as client:
            task = asyncio.ensure_future(run_checks(Probe(client, budget, made, credentials), checks))
            with suppress(asyncio.CancelledError):
                return await task
        return []

    return asyncio.run(run())


def clean(environment: EmulatorHandle, made: Made) -> int:
    """Clean up after a run, and return how much may be left."""

    async def run() -> int:
        budget = Budget(10_000, None)
        async with AsyncFrontegg(
            environment.client_id, environment.secret, base_url=environment.url, on_request=budget.note
        ) as client:
            return await clean_up(Probe(client, budget), made)

    return asyncio.run(run())


def rows_of(environment: EmulatorHandle) -> list[tuple[str, Mapping[str, object]]]:
    """Return all rows of an environment with their tables, but what a webhook did and what was deleted."""
    (state,) = cast("list[Mapping[str, object]]", environment.snapshot()["environments"])
    tables = cast("Mapping[str, list[Mapping[str, object]]]", state["tables"])
    rows = [(name, row) for name, rows in tables.items() if not name.startswith("webhook") for row in rows]
    rows += [
        ("webhooks", {name: value for name, value in row.items() if name not in _CHANGED_BY_CALLS})
        for row in tables.get("webhooks", [])
    ]
    for name in ("tenants", "users"):
        rows += [(name, row) for row in cast("list[Mapping[str, object]]", state[name])]
    return rows


def of_run(rows: Sequence[tuple[str, Mapping[str, object]]], prefix: str) -> list[Mapping[str, object]]:
    """Return the rows of accounts whose ids begin with a prefix, and objects whose keys do; rows of others are none."""
    return [row for _, row in rows if all(each.startswith(prefix) for each in _owners(row))]


def _owners(row: Mapping[str, object]) -> Sequence[str]:
    if row.get("tenantId") == "":
        return [str(row.get("key") or row.get("displayName") or row.get("name"))]
    return cast("Sequence[str]", row.get("tenantIds") or [str(row.get("tenantId"))])
