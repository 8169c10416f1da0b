"""A target: something that takes any bytes and must end well, and where to begin."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Target:
    """Something to fuzz.

    Args:
        name: What it is called.
        run: Takes an input; it raises when a property does not hold.
        seeds: Inputs to begin with.
    """

    name: str
    run: Callable[[bytes], None]
    seeds: Callable[[], Iterable[bytes]]


def text_of(data: bytes) -> str:
    """Return bytes as text that may have lone surrogates, as a caller's text may."""
    return data.decode("utf-8", "surrogateescape")


def split(data: bytes, parts: int) -> list[bytes]:
    """Return so many parts of an input; a line feed after a null byte is between them."""
    found = data.split(b"\0\n", parts - 1)
    return found + [b""] * (parts - len(found))


def join(*parts: bytes | str) -> bytes:
    """Return an input of several parts."""
    return b"\0\n".join(part.encode("utf-8", "surrogateescape") if isinstance(part, str) else part for part in parts)


def check(condition: object, property_: str) -> None:
    """Raise when a property does not hold."""
    if not condition:
        raise AssertionError(property_)
