"""E2 and E3: decisions with 100,000 entitlements, and their first snapshot, compared with Frontegg's client for Node.

``python -m benchmarks.entitlements`` measures processor time:

- E2 measures a decision by an assigned plan, and a decision by a flag with three rules, of which only the last applies.
  Both clients make the same decisions, in turns, from the claims of a token.
- E3 measures the first snapshot of 10,000 and of 100,000 entitlements: the time, the longest wait of the event loop,
  and the memory that stays. Each entitlement belongs to another account, and every tenth entitlement has an end.

The emulator runs in another process. The benchmark needs Node.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import os
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from benchmarks.measures import Measure, figure, figure_text, goal_text, ratio
from frontegg_async import AsyncEntitlements, AsyncFrontegg
from frontegg_async.emulator import Emulator, EmulatorHandle
from frontegg_async.models import Claims, TokenType
from tests.entitlements.official_client import OfficialClient, official_client
from tests.support import large_environment

MANY: Final = 100_000
FEW: Final = 10_000
ROUNDS: Final = 9
CALLS: Final = 10_000
MOST_US: Final = {"by an assigned plan": 5, "by a flag with three rules": 15}
MOST_SECONDS: Final = 0.5
MOST_BLOCKED_MS: Final = {FEW: 20, MANY: 100}
MOST_BYTES: Final = 200
_PLANS: Final = 10
_FEATURES: Final = 40
_CLAIMS: Final[dict[str, Any]] = {
    "type": "userToken",
    "sub": "ann",
    "tenantId": "t-0000005",
    "email": "ann@acme.example",
    "roles": ["Admin"],
    "permissions": ["reports.read"],
}
_VERIFIED: Final = Claims(
    type=TokenType.USER,
    subject="ann",
    tenant_id=_CLAIMS["tenantId"],
    roles=("Admin",),
    permissions=("reports.read",),
    email="ann@acme.example",
    issued_at=datetime(2026, 1, 1, tzinfo=UTC),
    expires_at=datetime(2099, 1, 1, tzinfo=UTC),
    audience=("client",),
    issuer="https://acme.example",
)
"""The same claims, in the form of a verifier's result."""
_QUESTIONS: Final[Mapping[str, dict[str, Any]]] = {
    "by an assigned plan": {"claims": _CLAIMS, "feature": "feature-5"},
    "by a flag with three rules": {
        "claims": _CLAIMS,
        "feature": "feature-flagged",
        "attributes": {"country": "DE", "seats": 4},
    },
}


def _condition(attribute: str, operation: str, value: Mapping[str, Any]) -> dict[str, Any]:
    return {"attribute": attribute, "op": operation, "value": value, "negate": False}


def _rule(*conditions: Mapping[str, Any]) -> dict[str, Any]:
    return {"conditionLogic": "and", "conditions": list(conditions), "treatment": "true"}


def _seed(emulator: EmulatorHandle, entitlements: int) -> None:
    keys = [*(f"feature-{number}" for number in range(_FEATURES)), "feature-flagged"]
    rules = [
        _rule(_condition("country", "in_list", {"list": ["US"]}), _condition("seats", "greater_than", {"number": 5})),
        _rule(_condition("frontegg.email", "ends_with", {"list": ["@other.example"]})),
        _rule(_condition("jwt.roles.0", "in_list", {"list": ["Admin"]})),
    ]
    plans = [
        {
            "id": f"plan-{number}",
            "name": f"Plan {number}",
            "featureIds": [f"feature-{number}", f"feature-{number + 20}"],
        }
        for number in range(_PLANS)
    ]
    assignments = [
        {
            "id": f"entitlement-{number}",
            "planId": f"plan-{number % _PLANS}",
            "tenantId": f"t-{number:07}",
            "expirationDate": None if number % 10 else "2099-01-01T00:00:00.000Z",
        }
        for number in range(entitlements)
    ]
    emulator.seed(
        {
            "tenants": [{"tenantId": each["tenantId"], "name": "Account"} for each in assignments],
            "tables": {
                "features": [{"id": key, "key": key} for key in keys],
                "plans": plans,
                "featureFlags": [{"id": "flag", "featureId": "feature-flagged", "rules": rules}],
                "planAssignments": assignments,
            },
        }
    )


async def _watched(task: asyncio.Task[None]) -> float:
    """Return the longest processor time of this process between two turns of the loop, until a task is done.

    This is the time that the process itself blocks the loop, without the time of other programs.
    """
    longest, last = 0.0, time.process_time()
    while not task.done():
        await asyncio.sleep(0)
        now = time.process_time()
        longest, last = max(longest, now - last), now
    await task
    return longest


async def _reading(frontegg: AsyncFrontegg, rounds: int, entitlements: int) -> dict[str, Any]:
    seconds: list[float] = []
    blocked: list[float] = []
    for _ in range(rounds):
        gc.collect()
        started = time.process_time()
        async with AsyncEntitlements(frontegg):
            seconds.append(time.process_time() - started)
        entitled = AsyncEntitlements(frontegg)
        blocked.append(await _watched(asyncio.create_task(entitled.open())) * 1_000)
        await entitled.aclose()
    gc.collect()
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    async with AsyncEntitlements(frontegg):
        gc.collect()
        after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return {"seconds": seconds, "blocked": blocked, "bytes": (after - before) / entitlements}


def _decided(entitlements: AsyncEntitlements, client: OfficialClient, rounds: int) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, question in _QUESTIONS.items():
        arguments = {key: value for key, value in question.items() if key != "claims"}
        [decision] = client.decide([question])
        if decision != {"result": True} or not entitlements.decide(_VERIFIED, **arguments).is_entitled:
            raise AssertionError(f"{name}: {decision}")
        ours: list[float] = []
        theirs: list[float] = []
        client.measure(question, CALLS)  # lets Node compile the code
        for _ in range(rounds):
            theirs.append(client.measure(question, CALLS))
            started = time.process_time()
            for _ in range(CALLS):
                entitlements.decide(_VERIFIED, **arguments)
            ours.append((time.process_time() - started) / CALLS)
        found[name] = {"ours": ours, "theirs": theirs}
    return found


async def _measure(rounds: int, entitlements: int) -> dict[str, Any]:
    async with AsyncFrontegg.from_env() as frontegg:
        async with AsyncEntitlements(frontegg):
            pass  # authenticates, and imports lazy modules
        found = await _reading(frontegg, rounds, entitlements)
        with official_client(os.environ["FRONTEGG_BASE_URL"]) as client:
            credential = os.environ["FRONTEGG_CLIENT_ID"], os.environ["FRONTEGG_SECRET_KEY"]
            found["node"] = client.open(*credential, refresh=3_600)
            if entitlements == MANY:
                async with AsyncEntitlements(frontegg) as opened:
                    found["decisions"] = _decided(opened, client, rounds)
    return found


def _measures(found: Mapping[int, Mapping[str, Any]]) -> Sequence[Measure]:
    measures: list[Measure] = []
    for name, each in found[MANY]["decisions"].items():
        measures += [
            figure(f"E2 decision {name}", [value * 1e6 for value in each["ours"]], "us", most=MOST_US[name]),
            figure(
                f"E2 of Frontegg's client for Node, decision {name}", [value * 1e6 for value in each["theirs"]], "us"
            ),
            ratio(f"E2 of the time of Frontegg's client for Node, decision {name}", each["ours"], each["theirs"]),
        ]
    for count, each in found.items():
        most = MOST_SECONDS if count == MANY else None
        measures += [
            figure(f"E3 processor time to read {count:,} entitlements", each["seconds"], "s", most=most),
            figure(f"E3 of Frontegg's client for Node, {count:,} entitlements", each["node"], "s"),
            figure(f"E3 longest wait of the loop, {count:,}", each["blocked"], "ms", most=MOST_BLOCKED_MS[count]),
            figure(f"E3 memory of each of {count:,}", each["bytes"], "bytes", most=MOST_BYTES),
        ]
    return measures


def main() -> int:
    """Measure and print; return 1 if a goal is missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.entitlements", description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="the number of measurements (default: %(default)s)")
    parser.add_argument("--here", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.here is not None:
        print(json.dumps(asyncio.run(_measure(options.rounds, options.here))))
        return 0
    found: dict[int, Any] = {}
    with Emulator() as server:
        for count in (FEW, MANY):
            environment = server.create_environment()
            _seed(environment, count)
            argv = [sys.executable, "-m", "benchmarks.entitlements", f"--rounds={options.rounds}", f"--here={count}"]
            environ = {**os.environ, **large_environment.variables(environment)}
            done = subprocess.run(argv, env=environ, stdout=subprocess.PIPE, text=True, check=True)
            found[count] = json.loads(done.stdout)
    measures = _measures(found)
    for measure in measures:
        print(f"{figure_text(measure.median)} {measure.unit} {measure.name} ({goal_text(measure)})")
    return int(any(measure.passed is False for measure in measures))


if __name__ == "__main__":
    sys.exit(main())
