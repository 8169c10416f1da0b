"""OpenTelemetry: gauges for the health of the mirrors that this process updates."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Final

import attrs
from opentelemetry import metrics

from frontegg_async.mirror.health_board import BOARD, ShownHealth


@attrs.frozen
class Gauge:
    """A gauge of the health of a mirror."""

    unit: str
    description: str
    value: Callable[[ShownHealth], float | None]
    """A function that returns the value; ``None`` without a value."""


def _oldest_dirty(shown: ShownHealth) -> float:
    waited = shown.health.oldest_dirty
    return 0.0 if waited is None else waited + time.monotonic() - shown.read_at


def _age(at: datetime | None) -> float | None:
    return None if at is None else max(0.0, (datetime.now(UTC) - at).total_seconds())


GAUGES: Final[Mapping[str, Gauge]] = {
    "frontegg.mirror.oldest_dirty.age": Gauge(
        "s", "For how long the oldest marked account waits to be read; 0 if none waits.", _oldest_dirty
    ),
    "frontegg.mirror.last_event.age": Gauge(
        "s", "Time since the last event about an account.", lambda shown: _age(shown.health.last_event)
    ),
    "frontegg.mirror.last_listing.age": Gauge(
        "s", "Time since the last complete listing was written.", lambda shown: _age(shown.health.last_listing)
    ),
    "frontegg.mirror.last_proof.age": Gauge(
        "s", "Time since the mirror was last compared with the service.", lambda shown: _age(shown.health.last_proof)
    ),
    "frontegg.mirror.last_proof.equal": Gauge(
        "{mirror}",
        "1 if the mirror was equal to the service when they were last compared, else 0.",
        lambda shown: int(shown.health.is_equal is True),
    ),
    "frontegg.mirror.webhooks.silent": Gauge(
        "{mirror}",
        "1 if a change was found that no webhook announced, else 0.",
        lambda shown: int(shown.health.is_silent),
    ),
}
"""The gauges, by name."""


def create_gauges(meter: metrics.Meter) -> None:
    """Create the gauges. They observe the health of the mirrors on the board.

    Args:
        meter: Creates the gauges. Gauges that the meter already has are kept.
    """
    for name, gauge in GAUGES.items():
        callback = functools.partial(_observations, gauge.value)
        meter.create_observable_gauge(name, [callback], unit=gauge.unit, description=gauge.description)


def _observations(
    value_of: Callable[[ShownHealth], float | None], options: metrics.CallbackOptions
) -> Iterator[metrics.Observation]:
    del options
    for shown in BOARD.look():
        value = value_of(shown)
        if value is not None:
            yield metrics.Observation(value, {"frontegg.environment_id": shown.environment_id})
