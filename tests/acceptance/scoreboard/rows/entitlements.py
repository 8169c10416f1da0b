"""Row 58: decisions on features through an outage of an hour, while the service changes 200 times."""

from __future__ import annotations

import json
import logging
import random
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

import attrs

from frontegg_async import AsyncEntitlements, AsyncFrontegg
from frontegg_async.emulator import AsyncEmulatorHandle, Emulator
from frontegg_async.emulator.world.clock import timestamp
from frontegg_async.endpoints.entitlements import SNAPSHOT
from frontegg_async.entitlements import EntitlementsEvent
from frontegg_async.entitlements.shared import logger
from tests.acceptance.scoreboard.row import Finding, Row, Setting
from tests.entitlements.stepped import Stepped

_HOUR: Final = 3_600.0
_PERIOD: Final = 30.0
_CHANGES: Final = 200
_TENANTS: Final = [f"tenant-{number}" for number in range(20)]
_FEATURES: Final = [f"feature-{number}" for number in range(10)]
_PLANS: Final = [f"plan-{number}" for number in range(6)]
_ACTIONS: Final[tuple[tuple[str, dict[str, Any]], ...]] = (
    *(("before_commit", {"type": "status", "status": status}) for status in (403, 404, 500, 502, 503, 504)),
    ("before_commit", {"type": "status", "status": 200, "body": {}}),
    ("before_commit", {"type": "status", "status": 200, "body": {"snapshotOffset": None}}),
    *(("before_commit", {"type": kind}) for kind in ("reset", "close", "garbage")),
    *(("in_body", {"type": "truncate", "bytes": count}) for count in (0, 10)),
)
"""What the service does in the outage, one after the other."""


@attrs.define
class _Service:
    """The service, and what a client knows of it that read it last at some time."""

    emulator: AsyncEmulatorHandle
    client: AsyncFrontegg
    rng: random.Random
    stepped: Stepped
    confirmed: Mapping[str, Any] = attrs.field(factory=dict[str, Any])
    confirmed_at: float = 0.0
    compared: int = 0
    wrong: list[str] = attrs.field(factory=list[str])

    async def change(self) -> None:
        """Assign a plan, change the end of an assignment, remove it, or change what a plan consists of."""
        assignments = [each async for each in self.client.plan_assignments.list()]
        kind = self.rng.choice(("assign", "assign", "change", "remove", "link"))
        if kind == "assign" or not assignments:
            await self.emulator.seed({"tables": {"planAssignments": [self.assignment()]}})
        elif kind == "change":
            chosen = self.rng.choice(assignments)
            await self.client.plan_assignments.change_expiry([chosen.id], expires_at=self._time())
        elif kind == "remove":
            await self.client.plan_assignments.remove([self.rng.choice(assignments).id])
        else:
            plan = self.rng.choice(_PLANS)
            await self.client.plans.link_features(plan, feature_ids=[f"id-of-{self.rng.choice(_FEATURES)}"])

    def assignment(self) -> dict[str, Any]:
        """Return an assignment that may end within hours, or has ended."""
        return {
            "id": f"{self.rng.getrandbits(64):x}",
            "planId": self.rng.choice(_PLANS),
            "tenantId": self.rng.choice(_TENANTS),
            "expirationDate": self.rng.choice([None, timestamp(self._time().timestamp())]),
        }

    def _time(self) -> datetime:
        return datetime.fromtimestamp(self.stepped.clock.wall() + self.rng.uniform(-_HOUR, 2 * _HOUR), UTC)

    async def compare(self, entitlements: AsyncEntitlements) -> None:
        """Compare decisions with what the service had when the client read it last."""
        now = self.stepped.clock.now
        if now - entitlements.age > self.confirmed_at:
            self.confirmed_at = now - entitlements.age
            self.confirmed = json.loads((await self.client.send(SNAPSHOT)).value)["data"]
        for tenant_id in self.rng.sample(_TENANTS, 5):
            features = self._features_of(tenant_id)
            for feature in _FEATURES:
                decision = entitlements.decide(tenant_id=tenant_id, feature=feature)
                self.compared += 1
                if decision.is_entitled is not (feature in features):
                    self.wrong.append(f"{tenant_id}, {feature}: {decision} at {now:.0f}")

    async def differences(self, entitlements: AsyncEntitlements) -> int:
        """Return how many decisions differ from what the service has now."""
        known, self.confirmed = self.confirmed, json.loads((await self.client.send(SNAPSHOT)).value)["data"]
        different = sum(
            entitlements.decide(tenant_id=tenant_id, feature=feature).is_entitled is not (feature in features)
            for tenant_id in _TENANTS
            for features in [self._features_of(tenant_id)]
            for feature in _FEATURES
        )
        self.confirmed = known
        return different

    def _features_of(self, tenant_id: str) -> set[str]:
        """Return the features of an account by the snapshot that was confirmed, and by the time of now."""
        keys = {feature_id: key for feature_id, key, _ in self.confirmed["features"]}
        plans = {plan_id: [keys[each] for each in ids] for plan_id, ids, *_ in self.confirmed["featureBundles"]}
        return {
            key
            for plan_id, owner, _, ends in self.confirmed["entitlements"]
            if owner == tenant_id
            and (ends is None or datetime.fromisoformat(ends).timestamp() > self.stepped.clock.wall())
            for key in plans[plan_id]
        }


class _Warnings(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.count = 0

    def emit(self, record: logging.LogRecord) -> None:
        del record
        self.count += 1


async def _seed(emulator: AsyncEmulatorHandle, rng: random.Random) -> None:
    await emulator.seed(
        {
            "tenants": [{"tenantId": each, "name": each} for each in _TENANTS],
            "tables": {
                "features": [{"id": f"id-of-{each}", "key": each} for each in _FEATURES],
                "plans": [
                    {"id": each, "name": each, "featureIds": [f"id-of-{key}" for key in rng.sample(_FEATURES, 3)]}
                    for each in _PLANS
                ],
            },
        }
    )


async def measure(setting: Setting) -> Finding:
    """Change the service in the outage, and compare decisions after each change; then let it recover."""
    rng, warnings, events = setting.rng("entitlements"), _Warnings(), list[EntitlementsEvent]()
    logger.addHandler(warnings)
    async with Emulator() as emulator, emulator.client() as client:
        await _seed(emulator, rng)
        stepped = Stepped(emulator, rng=rng.random)
        service = _Service(emulator, client, rng, stepped)
        for _ in range(20):
            await service.change()
        async with stepped.client, AsyncEntitlements(stepped.client, refresh=_PERIOD) as entitlements:
            entitlements.listen(events.append)
            await service.compare(entitlements)
            await stepped.requests()
            requests = await _outage(service, entitlements)
            await service.emulator.delete_faults()
            changed = await service.differences(entitlements)
            for _ in range(_CHANGES // 10):
                await stepped.advance(1.2 * _PERIOD)
                await service.compare(entitlements)
                await service.change()
    logger.removeHandler(warnings)
    kinds = [each.kind.value for each in events if each.kind != "changed"]
    return Finding(
        figure=f"{_CHANGES} changes in an outage of an hour, by which {changed} of"
        f" {len(_TENANTS) * len(_FEATURES)} decisions differ at its end: {len(service.wrong)} of"
        f" {service.compared:,} decisions wrong, {warnings.count} warning, {len(requests)} requests",
        passed=not service.wrong
        and changed > 0
        and warnings.count == 1
        and kinds == ["error", "recovered"]
        and set(requests) == {"offset"}
        and _HOUR / _PERIOD / 1.1 - 1 <= len(requests) <= _HOUR / _PERIOD / 0.9 + 1,
        details=(f"events: {kinds}", f"requests: {set(requests)}", *service.wrong[:5]),
    )


async def _outage(service: _Service, entitlements: AsyncEntitlements) -> list[str]:
    """Let an hour pass in which nothing can be read; return the requests."""
    stepped, requests = service.stepped, list[str]()
    for number in range(_CHANGES):
        await service.emulator.delete_faults()
        await service.change()
        stage, action = _ACTIONS[number % len(_ACTIONS)]
        await service.emulator.add_fault(stage=stage, action=action, match={"path": "/entitlements/api/v1/vendor-*"})
        await stepped.advance(_HOUR / _CHANGES)
        requests += await stepped.requests()
        await service.compare(entitlements)
    return requests


ROWS: Final = (
    Row(
        number=58,
        name="entitlements-in-an-outage",
        title="who may use which feature, while the snapshot cannot be read for an hour and changes 200 times",
        target="no decision differs from the last confirmed snapshot; one warning; one request each 30 s",
        measure=measure,
        starred=True,
    ),
)
