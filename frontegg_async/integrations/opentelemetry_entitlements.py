"""OpenTelemetry: the age of the entitlement snapshots in this process, and the outages of their refreshes."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Iterator
from typing import Final, TypeAlias

from opentelemetry import metrics

from frontegg_async._core.runtime.clocks import system_clocks, with_suspensions
from frontegg_async.entitlements.shared import SHARED, SharedSnapshot

AGE: Final = "frontegg.entitlements.snapshot.age"
OUTAGE: Final = "frontegg.entitlements.outage"
OUTAGES: Final = "frontegg.entitlements.outages"

_CLOCK: Final = with_suspensions(system_clocks()).monotonic
_Value: TypeAlias = Callable[[SharedSnapshot], float | None]


def create_instruments(meter: metrics.Meter) -> None:
    """Create the instruments. They observe the snapshots that are in use.

    Args:
        meter: Creates the instruments. Instruments that the meter already has are kept.
    """
    meter.create_observable_gauge(
        AGE, [_observing(_age)], unit="s", description="Time since the service confirmed the snapshot of entitlements."
    )
    meter.create_observable_gauge(
        OUTAGE,
        [_observing(lambda shared: int(shared.has_outage))],
        unit="{outage}",
        description="1 while the snapshot of entitlements cannot be refreshed, else 0.",
    )
    meter.create_observable_counter(
        OUTAGES,
        [_observing(lambda shared: shared.outages)],
        unit="{outage}",
        description="Outages in which the snapshot of entitlements could not be refreshed.",
    )


def _age(shared: SharedSnapshot) -> float | None:
    """Return the age; ``None`` if it is unknown."""
    age = math.inf if shared.current is None else _CLOCK() - shared.current.at
    return age if math.isfinite(age) else None


def _observing(value_of: _Value) -> metrics.CallbackT:
    return functools.partial(_observations, value_of)


def _observations(value_of: _Value, options: metrics.CallbackOptions) -> Iterator[metrics.Observation]:
    del options
    for shared in SHARED.look():
        value = value_of(shared)
        if value is not None:
            yield metrics.Observation(value, {"frontegg.environment": shared.environment.name})
