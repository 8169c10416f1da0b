"""P14: other SDKs that return one object as their own model, against one tenant here; all blocking, with defaults.

Each requests an object of its own kind, about the size of a tenant, from the canned server. On several cores the
threads of a client run in parallel, which costs more than on one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from typing import Final

from benchmarks.performance import blocking_clients, canned_server, rounds
from benchmarks.performance.measures import Goal, Measure, RunSettings, ratio

CALLS: Final = 50
_MOST: Final = {"workos": 0.75, "auth0": 0.60, "openai": 0.45, "stripe": 0.35, "PyPI frontegg": 0.45}

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
    "workos": _read_with_workos,
    "auth0": _read_with_auth0,
    "openai": _read_with_openai,
    "stripe": _read_with_stripe,
}


def take(settings: RunSettings) -> Sequence[Measure]:
    """Measure P14."""
    measures: list[Measure] = []
    with canned_server.running() as running, ExitStack() as stack:
        known = blocking_clients.enter(stack, running, tls=False)
        candidates = {name: known[name] for name in (blocking_clients.OURS, "PyPI frontegg")}
        candidates |= {name: make(stack, f"{running.plain}/plain") for name, make in _PEERS.items()}
        for core, where in ((0, "one core"), (None, "all cores")):
            rounds.pin(core)
            turns = rounds.take_turns(candidates, rounds=settings.rounds, calls=CALLS, seed=settings.seed)
            ours = rounds.cpu(turns[blocking_clients.OURS])
            measures += [
                ratio(f"of {name}, {where}", ours, rounds.cpu(turns[name]), most=most) for name, most in _MOST.items()
            ]
    return measures


GOALS: Final = (Goal(name="P14", work="one thing as a model, blocking, beside other SDKs", take=take),)
