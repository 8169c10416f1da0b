"""P14: other SDKs that return one object as their own model, against one tenant here; all blocking, with defaults.

Each requests an object of its own kind, about the size of a tenant, from the canned server. On several cores the
threads of a client run in parallel, which costs more than on one: aiohttp behind a thread shows what that is without
the SDK. The clients are made anew for each choice of cores, since a thread keeps the cores that it was started with.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from typing import Final

from benchmarks.performance import canned_server, rounds
from benchmarks.performance.bare_thread import BARE
from benchmarks.performance.blocking_clients import OURS, PYPI, enter
from benchmarks.performance.measures import Goal, Measure, RunSettings, ratio

CALLS: Final = 100
_WORKOS: Final = "workos"
_MOST: Final = {_WORKOS: 0.75, "auth0": 0.60, "openai": 0.45, "stripe": 0.35, PYPI: 0.45}

Read = Callable[[], object]


def _read_with_workos(stack: ExitStack, base: str) -> Read:
    from workos import WorkOSClient  # noqa: PLC0415 - see goals.py

    client = WorkOSClient(api_key="canned", client_id="canned", base_url=f"{base}/workos")
    stack.callback(client.close)
    return lambda: client.organizations.get_organization("org_1")


def _read_with_auth0(stack: ExitStack, base: str) -> Read:
    from auth0.management.client import Auth0  # noqa: PLC0415 - see goals.py

    # Its base class adds a token of its own and requires https.
    client = Auth0(base_url=f"{base}/auth0", token="canned")
    del stack  # it cannot be closed
    return lambda: client.organizations.get("org_1")


def _read_with_openai(stack: ExitStack, base: str) -> Read:
    from openai import OpenAI  # noqa: PLC0415 - see goals.py

    client = stack.enter_context(OpenAI(api_key="canned", base_url=f"{base}/openai"))
    return lambda: client.models.retrieve("model-1")


def _read_with_stripe(stack: ExitStack, base: str) -> Read:
    from stripe import StripeClient  # noqa: PLC0415 - see goals.py

    client = StripeClient("canned", base_addresses={"api": f"{base}/stripe"})
    del stack  # it cannot be closed
    return lambda: client.v1.customers.retrieve("cus_1")


_PEERS: Final[Mapping[str, Callable[[ExitStack, str], Read]]] = {
    _WORKOS: _read_with_workos,
    "auth0": _read_with_auth0,
    "openai": _read_with_openai,
    "stripe": _read_with_stripe,
}


def take(settings: RunSettings) -> Sequence[Measure]:
    """Measure P14."""
    measures: list[Measure] = []
    with canned_server.running() as running:
        for core, where in ((0, "one core"), (None, "all cores")):
            with ExitStack() as stack:
                rounds.pin(core)
                known = enter(stack, running, tls=False)
                candidates = {name: known[name] for name in (OURS, BARE, PYPI)}
                candidates |= {name: make(stack, f"{running.plain}/plain") for name, make in _PEERS.items()}
                turns = rounds.take_turns(candidates, rounds=settings.rounds, calls=CALLS, seed=settings.seed)
            times = {name: rounds.cpu(taken) for name, taken in turns.items()}
            measures += [
                ratio(f"of {name}, {where}", times[OURS], times[name], most=_MOST.get(name)) for name in (*_MOST, BARE)
            ]
            measures += [
                ratio(f"of {name}, {where}, the same without {OURS}", times[BARE], times[name])
                for name in (_WORKOS, PYPI)
            ]
    return measures


GOALS: Final = (Goal(name="P14", work="one thing as a model, blocking, beside other SDKs", take=take),)
