"""The type of a fuzz target, and helpers for its inputs and properties."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Target:
    """A function to fuzz.

    Args:
        name: The name of the target.
        run: Receives an input. It raises an error if the input violates a property.
        seeds: The initial inputs.
    """

    name: str
    run: Callable[[bytes], None]
    seeds: Callable[[], Iterable[bytes]]


def text_of(data: bytes) -> str:
    """Decode bytes to text with lone surrogates, which a caller's text may contain."""
    return data.decode("utf-8", "surrogateescape")


def split(data: bytes, parts: int) -> list[bytes]:
    """Split an input into a number of parts, separated by a null byte and a line feed."""
    found = data.split(b"\0\n", parts - 1)
    return found + [b""] * (parts - len(found))


def join(*parts: bytes | str) -> bytes:
    """Join parts to one input."""
    return b"\0\n".join(part.encode("utf-8", "surrogateescape") if isinstance(part, str) else part for part in parts)


def check(condition: object, property_: str) -> None:
    """Raise an error if a property is violated."""
    if not condition:
        raise AssertionError(property_)
