"""The toxics of a chaos proxy, in toxiproxy's words, and their schedule: a pure function of a seed."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Final, Literal, TypeAlias, get_args

import attrs

Kind: TypeAlias = Literal["latency", "down", "bandwidth", "slow_close", "timeout", "reset_peer", "slicer", "limit_data"]
Stream: TypeAlias = Literal["upstream", "downstream"]


@attrs.frozen
class Mean:
    """The mean of what each connection draws: an exponential distribution, which has no memory."""

    mean: float


Amount: TypeAlias = float | tuple[float, float] | Mean
"""A number; or the lowest and the highest of which each connection draws one; or a mean."""

DEFAULTS: Final[Mapping[Kind, Mapping[str, float]]] = {
    "latency": {"latency": 0.0, "jitter": 0.0},
    "down": {},
    "bandwidth": {"rate": 0.0},
    "slow_close": {"delay": 0.0},
    "timeout": {"timeout": 0.0},
    "reset_peer": {"timeout": 0.0},
    "slicer": {"average_size": 64.0, "size_variation": 0.0, "delay": 0.0},
    "limit_data": {"bytes": 0.0},
}
"""The attributes of each kind: times in milliseconds, ``delay`` of a slicer in microseconds, ``rate`` in KB/s.

Beside them each has ``after``: the bytes of its stream that pass before it sets in, 0 by default.
"""


@attrs.frozen(kw_only=True)
class Toxic:
    """Something that is done to connections.

    Args:
        kind: ``latency`` delays, by ``latency`` ± ``jitter``; ``down`` ends each connection at once; ``bandwidth``
            slows to ``rate``; ``slow_close`` delays the end; ``timeout`` swallows data, and ends the connection after
            ``timeout`` unless that is 0; ``reset_peer`` resets it after ``timeout``; ``slicer`` cuts into pieces;
            ``limit_data`` ends it after ``bytes``.
        stream: The direction: ``downstream`` to the client, or ``upstream`` to the server.
        toxicity: The share of connections that it is done to.
        attributes: Its attributes; of a pair of numbers, or of a `Mean`, each connection draws one.
        name: Its name; kind and stream by default.

    Raises:
        ValueError: The kind, the stream, the toxicity or an attribute is not known or out of range.
    """

    kind: Kind
    stream: Stream = "downstream"
    toxicity: float = 1.0
    attributes: Mapping[str, Amount] = attrs.field(factory=dict[str, Amount])
    name: str = attrs.field()

    @name.default
    def _default_name(self) -> str:
        return f"{self.kind}_{self.stream}"

    def __attrs_post_init__(self) -> None:
        if self.kind not in DEFAULTS:
            raise ValueError(f"kind must be one of {', '.join(DEFAULTS)}, not {self.kind!r}")
        if self.stream not in get_args(Stream):
            raise ValueError(f"stream must be one of {', '.join(get_args(Stream))}, not {self.stream!r}")
        if not 0 <= self.toxicity <= 1:
            raise ValueError("toxicity must be from 0 to 1")
        known = {*DEFAULTS[self.kind], "after"}
        for name, amount in self.attributes.items():
            if name not in known:
                raise ValueError(f"{self.kind} has no {name!r}; it has {', '.join(sorted(known))}")
            least = amount.mean if isinstance(amount, Mean) else amount
            low, high = least if isinstance(least, tuple) else (least, least)
            if not 0 <= low <= high:
                raise ValueError(f"{name} must not be negative, and a range must have the lower number first")


@attrs.frozen(kw_only=True)
class Decision:
    """What a toxic does to one connection.

    Args:
        connection: The number of the connection, from 1.
        toxic: The name of the toxic.
        acts: Whether it does anything.
        amounts: Its attributes, drawn.
    """

    connection: int
    toxic: str
    acts: bool
    amounts: Mapping[str, float]

    def __str__(self) -> str:
        drawn = " ".join(f"{name}={amount:.6g}" for name, amount in sorted(self.amounts.items()))
        return f"{self.connection} {self.toxic} {drawn if self.acts else '-'}".rstrip()


def generator(seed: int, connection: int, toxic: str, purpose: str = "decision") -> random.Random:
    """Return the random numbers of one toxic on one connection.

    Args:
        seed: The proxy's.
        connection: The number of the connection.
        toxic: The name of the toxic.
        purpose: What they are for.
    """
    return random.Random(f"{seed}:{connection}:{toxic}:{purpose}")


def decide(seed: int, connection: int, toxic: Toxic) -> Decision:
    """Decide what a toxic does to a connection: always the same for the same arguments.

    Args:
        seed: The proxy's.
        connection: The number of the connection, from 1.
        toxic: The toxic.
    """
    rng = generator(seed, connection, toxic.name)
    acts = rng.random() < toxic.toxicity
    amounts: dict[str, float] = {}
    for name, amount in sorted({**DEFAULTS[toxic.kind], "after": 0.0, **toxic.attributes}.items()):
        amounts[name] = _draw(amount, rng)
    return Decision(connection=connection, toxic=toxic.name, acts=acts, amounts=amounts)


def _draw(amount: Amount, rng: random.Random) -> float:
    if isinstance(amount, Mean):
        return rng.expovariate(1 / amount.mean) if amount.mean else 0.0
    return rng.uniform(*amount) if isinstance(amount, tuple) else float(amount)
