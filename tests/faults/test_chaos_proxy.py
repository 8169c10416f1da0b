"""The proxy spoils connections as its toxics say, and a seed replays what it decides."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest

from tests.support.faults.chaos_proxy import ChaosProxy, chaos_proxy
from tests.support.faults.http import LOOPBACK
from tests.support.faults.scripted_server import ReadBytes, ScriptedServer, Send, Step, WaitForPeer, scripted_server
from tests.support.faults.toxics import Kind, Mean, Toxic, decide
from tests.support.waiting import until

pytestmark = pytest.mark.anyio

DATA = bytes(range(256)) * 8


@contextlib.asynccontextmanager
async def spoilt(*toxics: Toxic, seed: int = 1, script: tuple[Step, ...] = ()) -> AsyncIterator[ChaosProxy]:
    """Run a server that answers two bytes with 2,048, behind a proxy."""
    async with (
        scripted_server(script or (ReadBytes(2), Send(DATA))) as server,
        chaos_proxy(server.port, seed=seed, toxics=toxics) as proxy,
    ):
        yield proxy


async def talk(proxy: ChaosProxy | ScriptedServer, data: bytes = b"go") -> bytes:
    """Send data on a new connection, and return all that comes back."""
    reader, writer = await asyncio.open_connection(LOOPBACK, proxy.port)
    try:
        writer.write(data)
        return await reader.read()
    finally:
        writer.close()


async def test_without_toxics_all_comes_through() -> None:
    """Both ways, with the end."""
    async with spoilt() as proxy:
        assert await talk(proxy) == DATA
    assert (proxy.connections, proxy.schedule, proxy.fired) == (1, [], [])


@pytest.mark.parametrize(
    ("kind", "attributes"),
    [
        ("latency", {"latency": 1, "jitter": 1}),
        ("bandwidth", {"rate": 10_000_000}),
        ("bandwidth", {}),
        ("slow_close", {"delay": 1}),
        ("slicer", {"average_size": 100, "size_variation": 50, "delay": 1}),
        ("limit_data", {"bytes": 2_049}),
    ],
)
@pytest.mark.parametrize("stream", ["downstream", "upstream"])
async def test_what_only_delays_changes_no_byte(kind: Kind, attributes: dict[str, float], stream: str) -> None:
    """Whatever the direction."""
    toxic = Toxic(kind=kind, stream="upstream" if stream == "upstream" else "downstream", attributes=attributes)
    async with spoilt(toxic, Toxic(kind="slicer", name="last", attributes={"average_size": 999})) as proxy:
        assert await talk(proxy) == DATA
    assert proxy.fired == []


async def test_down_ends_each_connection_at_once() -> None:
    """The server sees none of them."""
    async with spoilt(Toxic(kind="down")) as proxy:
        with pytest.raises(ConnectionError):
            await talk(proxy)
        assert proxy.fired == ["down"]
        proxy.remove("down_downstream")
        assert await talk(proxy) == DATA


@pytest.mark.parametrize(("limit", "after"), [(0, 0), (100, 0), (100, 30)])
async def test_a_limit_cuts_exactly(limit: int, after: int) -> None:
    """After the bytes that pass before it sets in."""
    toxic = Toxic(kind="limit_data", attributes={"bytes": limit, "after": after})
    slicer = Toxic(kind="slicer", attributes={"average_size": 7})
    async with spoilt(slicer, toxic) as proxy:
        assert await talk(proxy) == DATA[: limit + after]
    assert proxy.fired == ["limit_data_downstream"]


async def test_a_reset_peer_resets() -> None:
    """And not merely ends."""
    async with spoilt(Toxic(kind="reset_peer", attributes={"timeout": 1})) as proxy:
        with pytest.raises(ConnectionResetError):
            await talk(proxy)
    assert proxy.fired == ["reset_peer_downstream"]


async def test_a_timeout_swallows_and_ends() -> None:
    """What came before it set in is there."""
    async with spoilt(Toxic(kind="timeout", attributes={"timeout": 1, "after": 5})) as proxy:
        assert await talk(proxy) == DATA[:5]


async def test_a_timeout_without_end_swallows_until_it_is_removed() -> None:
    """And the connection lives on."""
    script = (ReadBytes(2), Send(b"lost"), ReadBytes(2), Send(b"kept"), WaitForPeer())
    async with spoilt(Toxic(kind="timeout", name="hole"), script=script) as proxy:
        reader, writer = await asyncio.open_connection(LOOPBACK, proxy.port)
        writer.write(b"go")
        await until(lambda: bool(proxy.schedule))
        proxy.clear()
        writer.write(b"on")
        assert (await reader.readexactly(4)) in (b"kept", b"lost")
        writer.close()


async def test_a_toxic_can_be_added_to_an_open_connection() -> None:
    """As it can be taken away."""
    script = (ReadBytes(2), Send(b"fine"), ReadBytes(2), Send(b"cut"))
    async with spoilt(script=script) as proxy:
        reader, writer = await asyncio.open_connection(LOOPBACK, proxy.port)
        writer.write(b"go")
        assert await reader.readexactly(4) == b"fine"
        proxy.add(Toxic(kind="limit_data", attributes={"bytes": 2}))
        with pytest.raises(ValueError, match="already"):
            proxy.add(Toxic(kind="limit_data"))
        writer.write(b"go")
        assert await reader.read() == b"cu"
        writer.close()
    with pytest.raises(KeyError):
        proxy.remove("no such")


async def test_a_server_that_is_not_there_resets() -> None:
    """The client is not left waiting."""
    async with spoilt() as proxy:
        closed = proxy.target
    async with chaos_proxy(closed, seed=1) as proxy:
        with pytest.raises(ConnectionError):
            await talk(proxy)


TOXICS = (
    Toxic(kind="reset_peer", toxicity=0.5, attributes={"after": (0, 2_000)}),
    Toxic(kind="latency", stream="upstream", toxicity=0.3, attributes={"latency": (0, 2), "jitter": 1}),
    Toxic(kind="slicer", attributes={"average_size": (10, 2_000), "size_variation": 9}),
)


async def run(seed: int) -> tuple[list[str], list[str]]:
    """Return the schedule and what fired of twenty connections one after the other."""
    async with spoilt(*TOXICS, seed=seed) as proxy:
        for _ in range(20):
            with contextlib.suppress(ConnectionError):
                await talk(proxy)
        await until(lambda: proxy.connections == 20)
        return sorted(map(str, proxy.schedule)), proxy.fired


async def test_the_same_seed_decides_the_same() -> None:
    """And another seed something else."""
    first, again, other = await run(7), await run(7), await run(8)
    assert first == again
    assert first != other
    assert len(first[0]) == 60
    assert 0 < len(first[1]) < 20


def test_a_decision_depends_on_seed_connection_and_toxic_alone() -> None:
    """Whatever was decided before."""
    once = decide(3, 5, TOXICS[0])
    for number in range(10):
        decide(3, number, TOXICS[1])
    assert decide(3, 5, TOXICS[0]) == once
    assert str(once).startswith("5 reset_peer_downstream ")
    others = {str(decide(seed, number, TOXICS[0])) for seed in range(10) for number in range(1, 10)}
    assert len(others) > 40
    acting = sum(decide(1, number, TOXICS[0]).acts for number in range(2_000))
    assert 900 < acting < 1_100


def test_a_mean_is_the_mean_of_what_connections_draw() -> None:
    """Without memory: as many draw less than it as an exponential distribution has there."""
    toxic = Toxic(kind="reset_peer", attributes={"after": Mean(1_000), "timeout": Mean(0)})
    decisions = [decide(1, number, toxic) for number in range(4_000)]
    assert {decision.amounts["timeout"] for decision in decisions} == {0.0}
    drawn = [decision.amounts["after"] for decision in decisions]
    assert 950 < sum(drawn) / len(drawn) < 1_050
    assert 0.60 < sum(amount < 1_000 for amount in drawn) / len(drawn) < 0.66


@pytest.mark.parametrize(
    ("fields", "match"),
    [
        ({"kind": "flood"}, "kind"),
        ({"kind": "down", "stream": "sideways"}, "stream"),
        ({"kind": "down", "toxicity": 1.1}, "toxicity"),
        ({"kind": "down", "attributes": {"latency": 1}}, "latency"),
        ({"kind": "latency", "attributes": {"latency": (2, 1)}}, "range"),
        ({"kind": "latency", "attributes": {"latency": -1}}, "negative"),
        ({"kind": "latency", "attributes": {"latency": Mean(-1)}}, "negative"),
    ],
)
def test_a_toxic_says_what_is_wrong_with_it(fields: dict[str, object], match: str) -> None:
    """When it is made."""
    with pytest.raises(ValueError, match=match):
        Toxic(**fields)  # type: ignore[arg-type]  # that is the point
