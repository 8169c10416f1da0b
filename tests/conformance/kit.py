"""Runs the conformance kit against an environment of an emulator."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

from frontegg_async import AsyncFrontegg
from frontegg_async.conformance.budget import Budget
from frontegg_async.conformance.check import Check, Result
from frontegg_async.conformance.made import Made
from frontegg_async.conformance.probe import Probe
from frontegg_async.conformance.runner import run_checks
from frontegg_async.emulator import EmulatorHandle


def busy_environment(emulator: EmulatorHandle, **switches: str | int) -> EmulatorHandle:
    """Return an environment in use: it has accounts, users, audits and calls of a webhook."""
    environment = emulator.create_environment()
    with environment.client() as frontegg:
        frontegg.webhooks.create(url="http://127.0.0.1:9/", secret="s", event_keys=["frontegg.tenant.created"])
        for switch, value in switches.items():
            environment.set_divergence(switch, value)
        environment.seed(
            tenants=[{"tenantId": "north", "name": "North"}, {"tenantId": "south", "name": "South"}],
            users=[{"id": "ann", "email": "ann@north.example", "tenantId": "north"}],
        )
        frontegg.tenants.create(tenant_id="acme", name="Acme")
        frontegg.tenants.update("acme", name="Acme Inc")
    environment.deliveries_done()
    return environment


def results_of(
    environment: EmulatorHandle, checks: Sequence[Check], record: Path | None, requests: int = 10_000
) -> list[Result]:
    """Run checks, those that write if there is a file to record what they make, and return what came of them."""

    async def run() -> list[Result]:
        budget = Budget(requests, None)
        made = None if record is None else Made.begin(record, "emulator")
        client = AsyncFrontegg(
            environment.client_id, environment.secret, base_url=environment.url, on_request=budget.note
        )
        async with client:
            return await run_checks(Probe(client, budget, made), checks)

    return asyncio.run(run())
