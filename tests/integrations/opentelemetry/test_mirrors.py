"""Gauges of the health of mirrors."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from opentelemetry.sdk.metrics.export import HistogramDataPoint
from sqlalchemy import text

from frontegg_async.emulator import Emulator
from frontegg_async.integrations.opentelemetry import FronteggInstrumentor
from frontegg_async.integrations.opentelemetry_mirrors import GAUGES
from frontegg_async.mirror import AsyncMirror
from frontegg_async.mirror.dirty import Dirty
from frontegg_async.mirror.health_board import BOARD
from frontegg_async.models import MirrorHealth
from frontegg_async.webhooks import parse_event
from frontegg_sync.mirror import Mirror
from tests.integrations.opentelemetry.conftest import ExportedTelemetry
from tests.support.waiting import until

EVENT = parse_event({"eventKey": "frontegg.tenant.updated", "eventContext": {"tenantId": "acme"}})


@pytest.fixture
async def mirror(tmp_path: Path) -> AsyncGenerator[AsyncMirror]:
    """A mirror that was filled and proven, and is not checked again while it runs."""
    async with Emulator() as emulator, emulator.client() as client:
        await emulator.seed(tenants=[{"tenantId": "acme", "name": "Acme"}, {"tenantId": "zebra", "name": "Zebra"}])
        # Without an audit log, whose rows would mark accounts too.
        await emulator.add_fault(
            stage="before_commit",
            action={"type": "status", "status": 403},
            match={"method": "GET", "path": "/audits/*"},
        )
        async with AsyncMirror(client, f"sqlite:///{tmp_path / 'mirror.db'}", settle=0) as mirror:
            await mirror.upgrade()
            await mirror.refresh()
            assert (await mirror.check()).equal
            assert await _dirty(mirror).state.claim_schedule(timedelta(hours=1), timedelta(days=1))
            yield mirror


def _dirty(mirror: AsyncMirror) -> Dirty:
    assert mirror._environment_id is not None
    return Dirty(mirror._database, mirror._environment_id)


def _values(exported: ExportedTelemetry) -> dict[str, float]:
    """Return the values of the gauges of the only mirror, without the beginning of their names."""
    values: dict[str, float] = {}
    for name in GAUGES:
        for point in exported.points(name):
            assert not isinstance(point, HistogramDataPoint)
            values[name.removeprefix("frontegg.mirror.")] = point.value
    return values


async def _values_in_running(mirror: AsyncMirror, exported: ExportedTelemetry) -> dict[str, float]:
    """Return the first values that a mirror shows when it runs."""
    async with mirror.running():
        await until(lambda: bool(BOARD.look()))
        return _values(exported)


@pytest.mark.anyio
@pytest.mark.slow
async def test_values_of_a_mirror(mirror: AsyncMirror, exported: ExportedTelemetry) -> None:
    """They change with an event, with the marks that wait, and with a check that found a difference."""
    values = await _values_in_running(mirror, exported)
    assert sorted(values) == [
        "last_listing.age",
        "last_proof.age",
        "last_proof.equal",
        "oldest_dirty.age",
        "webhooks.silent",
    ]
    assert values["last_listing.age"] >= values["last_proof.age"] > 0
    assert (values["oldest_dirty.age"], values["last_proof.equal"], values["webhooks.silent"]) == (0, 1, 0)

    await mirror.receive(EVENT)
    assert len(await _dirty(mirror).take(1)) == 1  # so that the worker does not read it
    values = await _values_in_running(mirror, exported)
    assert values["oldest_dirty.age"] > 0
    assert values["last_event.age"] > 0

    async with mirror._database.writing() as connection:
        await connection.execute(text("UPDATE frontegg_mirror_accounts SET document = '{}'"))
        await connection.execute(text("UPDATE frontegg_mirror_state SET unannounced_since = '2020-01-01 00:00:00'"))
    assert not (await mirror.check()).equal
    values = await _values_in_running(mirror, exported)
    assert (values["last_proof.equal"], values["webhooks.silent"]) == (0, 1)


@pytest.mark.anyio
@pytest.mark.slow
async def test_only_a_mirror_that_runs_has_values(
    mirror: AsyncMirror, instrument: Callable[..., ExportedTelemetry]
) -> None:
    """Without telemetry nothing is read; values end with the run."""
    async with mirror.running():
        await _dirty(mirror).database.draw_number()
        assert not BOARD.look()

    exported = instrument()
    async with mirror.running():
        await until(lambda: bool(BOARD.look()))
        (point,) = exported.points("frontegg.mirror.last_proof.equal")
        assert point.attributes == {"frontegg.environment_id": mirror._environment_id}
    assert _values(exported) == {}


@pytest.mark.slow
def test_a_blocking_mirror(tmp_path: Path, exported: ExportedTelemetry) -> None:
    """Its values end when it is closed, also inside of its run."""
    with Emulator() as emulator, emulator.client() as frontegg:
        with Mirror(frontegg, f"sqlite:///{tmp_path / 'mirror.db'}") as mirror:
            mirror.upgrade()
            run = mirror.running()
            run.__enter__()
            while not BOARD.look():
                mirror.health()
            assert _values(exported)["webhooks.silent"] == 0
        while BOARD.look():  # a blocking mirror is closed without waiting
            frontegg.environment.get()
    assert _values(exported) == {}


@pytest.fixture
def shown(exported: ExportedTelemetry) -> ExportedTelemetry:
    """Show the health of a mirror that is never read again."""
    _show_old()
    return exported


def _show_old() -> None:
    age = timedelta(hours=1)
    at = datetime.now(UTC) - age
    health = MirrorHealth(
        oldest_dirty=age.total_seconds(),
        last_event=at,
        last_listing=at,
        last_proof=at,
        is_equal=None,
        is_silent=False,
    )
    BOARD.show(object(), "environment", health)


def test_ages_grow_if_the_health_is_not_read(shown: ExportedTelemetry) -> None:
    """A worker that hangs, or has lost its database, shows older and older values."""
    first, second = _values(shown), _values(shown)
    assert all(3_600 <= first[name] < second[name] < 3_700 for name in first if name.endswith(".age"))
    assert second["last_proof.equal"] == 0


def test_a_forked_child_shows_nothing(shown: ExportedTelemetry) -> None:
    """The mirror runs in the parent."""
    BOARD.after_fork()
    assert _values(shown) == {}


def test_nothing_is_shown_after_the_end_of_telemetry(shown: ExportedTelemetry) -> None:
    """The provider keeps the gauges, and telemetry may begin again."""
    instrumentor = FronteggInstrumentor()
    instrumentor.uninstrument()
    assert _values(shown) == {}
    instrumentor.instrument(meter_provider=shown.meters)
    assert _values(shown) == {}
    _show_old()
    assert "last_proof.equal" in _values(shown)
