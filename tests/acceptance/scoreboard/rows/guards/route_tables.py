"""Random route tables, whose public and guarded routes overlap, and the requests that are sent to them.

A table belongs to no framework: each renders the parts of a path in its own notation.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Final, Literal, TypeAlias

import attrs

PERMISSION: Final = "orders.read"
ROLE: Final = "Owner"
MARK: Final = "x-route"
"""The header of an answer that names the route which made it."""

Part: TypeAlias = Literal["word", "field", "expression", "rest"]
"""Text as it is, a field, a field that begins with ``secret-``, and all that follows."""

Guard: TypeAlias = Literal["public", "signed in", "entitled"]
"""Whom a route answers: anybody, whoever has a good token, and whoever has a permission and a role as well."""

Sender: TypeAlias = Literal["nobody", "poor", "good"]
"""Whose token a request has: no one's, of a user who lacks the permission, and of one who has it."""

_WORDS: Final = ("files", "secret-plan", "health", "a")
_FIELDS: Final = ("name", "id")
_VALUES: Final = (*_WORDS, "secret-b", "%73ecret-plan", "secret%2Dplan", "SECRET-plan", "..", "%2e%2e", "a%2Fb")
_METHODS: Final = ("GET", "GET", "GET", "HEAD", "POST", "OPTIONS")
_MOST_PARTS: Final = 3


@attrs.frozen
class Segment:
    """A part of a path: its kind, and its text or the name of its field."""

    kind: Part
    text: str


@attrs.frozen
class Route:
    """A route of a table.

    Args:
        name: What its answers are marked with.
        segments: The parts of its path.
        is_nested: Whether it is in the part of the site below ``/part``.
        method: ``GET`` or ``POST``.
        guard: Whom it answers.
        form: Which of the ways of guarding it has, of those that its framework knows.
        ends_with_slash: Whether its path does.
    """

    name: str
    segments: tuple[Segment, ...]
    is_nested: bool
    method: str
    guard: Guard
    form: int
    ends_with_slash: bool

    def refuses(self, sender: Sender) -> bool:
        """Return whether the route must not answer a sender."""
        return sender == "nobody" if self.guard == "signed in" else self.guard == "entitled" and sender != "good"


def make_table(rng: random.Random, size: int) -> list[Route]:
    """Return routes in the order in which they are registered; those of one path are guarded alike.

    Args:
        rng: Chooses.
        size: How many.
    """
    guards: dict[tuple[tuple[Segment, ...], bool, bool], Guard] = {}
    table: list[Route] = []
    for number in range(size):
        segments = tuple(_segments(rng))
        is_nested, ends_with_slash = rng.random() < 1 / 3, rng.random() < 1 / 4
        fresh: Guard = rng.choice(("public", "public", "signed in", "entitled"))
        guard = guards.setdefault((segments, is_nested, ends_with_slash), fresh)
        method = rng.choice(("GET", "GET", "POST"))
        table.append(
            Route(f"{number} {guard}", segments, is_nested, method, guard, rng.randrange(100), ends_with_slash)
        )
    return table


def _segments(rng: random.Random) -> Iterator[Segment]:
    for index in range(rng.randint(1, _MOST_PARTS)):
        kind: Part = rng.choice(("word", "word", "field", "field", "expression", "rest"))
        # A name may occur once in a path.
        yield Segment(kind, rng.choice(_WORDS) if kind == "word" else f"{rng.choice(_FIELDS)}{index or ''}")
        if kind == "rest":
            return


def make_requests(rng: random.Random, table: list[Route], count: int) -> Iterator[tuple[str, str]]:
    """Yield methods and paths, percent-encoded, that are near to those of a table's routes.

    Args:
        rng: Chooses.
        table: The routes.
        count: How many.
    """
    for _ in range(count):
        route = rng.choice(table)
        path = "".join(f"/{_value(rng, segment)}" for segment in route.segments)
        path = f"{'/part' if route.is_nested else ''}{path}{'/' if route.ends_with_slash else ''}"
        change = rng.randrange(8)
        if change == 0:
            path = path.rstrip("/") if path.endswith("/") else f"{path}/"
        elif change == 1:
            path = path.upper().replace("%2F", "%2f")
        elif change == 2:
            path = f"/{path}"
        yield rng.choice(_METHODS), path


def _value(rng: random.Random, segment: Segment) -> str:
    match segment.kind:
        case "word":
            return segment.text
        case "field":
            return rng.choice(_VALUES)
        case "expression":
            return f"secret-{rng.choice(_WORDS)}"
        case "rest":
            return "/".join(rng.choice(_VALUES) for _ in range(rng.randint(1, 2)))
