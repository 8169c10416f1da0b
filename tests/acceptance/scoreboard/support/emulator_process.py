"""An emulator in a process of its own, so that its processor time does not count in measurements."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import attrs

from frontegg_async import AsyncFrontegg, Options
from frontegg_async.emulator.admin.api import ROOT
from tests.emulator.process import EmulatorProcess

if TYPE_CHECKING:
    from collections.abc import Iterator

_STATUSES: Final[Sequence[dict[str, Any]]] = tuple(
    {"type": "status", "status": status} for status in (500, 502, 503, 504)
)
_BREAKS: Final[Sequence[dict[str, Any]]] = ({"type": "reset"}, {"type": "close"}, {"type": "garbage"})


class Fault(NamedTuple):
    """A stage of a request, and the fault that happens there."""

    stage: str
    action: dict[str, Any]


def _cuts(*counts: int) -> Iterator[dict[str, Any]]:
    return ({"type": "truncate", "bytes": count} for count in counts)


COMMIT_AWARE: Final[Sequence[Fault]] = (
    *(Fault("before_commit", action) for action in (*_STATUSES, *_BREAKS)),
    *(Fault("after_commit", action) for action in (*_STATUSES, *_BREAKS)),
    *(Fault("in_headers", action) for action in (*_BREAKS, *_cuts(1, 20, 100))),
    *(Fault("in_body", action) for action in (*_BREAKS, *_cuts(0, 1, 30))),
)
"""Faults before and after the change is committed, and while the answer is sent, in the order of the stages."""


@attrs.frozen
class EmulatorApart:
    """A running emulator and its admin API."""

    process: EmulatorProcess

    @property
    def url(self) -> str:
        """Its origin."""
        return str(self.process.ready["url"])

    def client(self, *, options: Options | None = None, max_connections: int = 100) -> AsyncFrontegg:
        """Return a client of its default environment."""
        ready = self.process.ready
        return AsyncFrontegg(
            ready["client_id"], ready["secret"], base_url=self.url, options=options, max_connections=max_connections
        )

    def admin(self, method: str, verb: str, body: object = None) -> Any:
        """Call a verb of the admin API."""
        return self.process.send(method, f"{ROOT}/{verb}", body)

    def fail(self, share: float, *, faults: Sequence[Fault] = COMMIT_AWARE, **match: object) -> None:
        """Add faults that together hit a share of the requests, each equally often.

        Args:
            share: From 0 to below 1.
            faults: In the order of their stages.
            match: Which requests they are for.
        """
        each = share / len(faults)
        for place, fault in enumerate(faults):
            # A later fault is drawn only for requests that no earlier fault hit.
            probability = each / (1 - place * each)
            spec = {"stage": fault.stage, "action": fault.action, "match": {**match, "probability": probability}}
            self.admin("POST", "faults", spec)

    def journal(self) -> list[dict[str, Any]]:
        """Return the requests so far."""
        requests: list[dict[str, Any]] = self.admin("GET", "journal")["requests"]
        return requests

    def tenants(self) -> list[dict[str, Any]]:
        """Return the live tenants of a snapshot."""
        (environment,) = self.admin("GET", "snapshot")["environments"]
        rows: list[dict[str, Any]] = environment["tenants"]
        return rows


@contextmanager
def emulator_apart(*arguments: str, tenants: Iterable[dict[str, Any]] = ()) -> Iterator[EmulatorApart]:
    """Run an emulator until the end of the block.

    Args:
        arguments: Those of its command line.
        tenants: What it has from the start.
    """
    with EmulatorProcess(*arguments) as process:
        emulator = EmulatorApart(process)
        emulator.admin("POST", "seed", {"tenants": list(tenants)})
        yield emulator
