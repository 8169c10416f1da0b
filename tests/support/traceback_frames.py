"""What error trackers and rich tracebacks collect of an exception: all frames of its whole chain, with their locals."""

from __future__ import annotations

import itertools
import traceback
from collections.abc import Iterator, Mapping
from types import FrameType
from typing import Final

from rich.pretty import pretty_repr

_FOREIGN: Final = ("aiohttp", "yarl", "multidict", "aiohappyeyeballs")
_OWN: Final = ("tests.",)
_DEPTH: Final = 4

MOST_FRAMES: Final = 3
"""The most frames of the SDK in the traceback of one of its errors."""


def chain_of(error: BaseException) -> list[BaseException]:
    """Return an exception, its causes and contexts, and what is in its groups."""
    found: list[BaseException] = []
    pending: list[BaseException | None] = [error]
    while pending:
        each = pending.pop()
        if each is None or any(each is known for known in found):
            continue
        found.append(each)
        pending += [each.__cause__, each.__context__]
        if isinstance(each, BaseExceptionGroup):
            pending += each.exceptions
    return found


def frames_of(error: BaseException) -> Iterator[FrameType]:
    """Yield the frames of the whole chain of an exception, but for those of the tests and of this measurement."""
    for each in chain_of(error):
        for frame, _ in traceback.walk_tb(each.__traceback__):
            if not str(frame.f_globals["__name__"]).startswith(_OWN):
                yield frame


def printed_frames(error: BaseException) -> list[str]:
    """Return the frames that Python prints of an exception, but for those of the tests."""
    return [
        f"{frame.f_globals['__name__']}.{frame.f_code.co_qualname}"
        for frame, _ in traceback.walk_tb(error.__traceback__)
        if not str(frame.f_globals["__name__"]).startswith(_OWN)
    ]


def foreign_frames(error: BaseException) -> list[str]:
    """Return the frames of the HTTP layer that can be reached from an exception."""
    return [
        f"{frame.f_globals['__name__']}.{frame.f_code.co_qualname}"
        for frame in frames_of(error)
        if str(frame.f_globals["__name__"]).partition(".")[0] in _FOREIGN
    ]


def shown_by_frames(error: BaseException) -> Iterator[str]:
    """Yield what is shown of the locals of all frames, with the function and the name of the local."""
    for frame in frames_of(error):
        for name, value in frame.f_locals.items():
            for text in texts_of(value):
                yield f"{frame.f_code.co_qualname} {name}={text}"


def texts_of(value: object) -> Iterator[str]:
    """Yield what is shown of a local: by ``repr``, by a serializer that takes containers apart, and by rich."""
    yield from _texts(value, _DEPTH)
    yield pretty_repr(value, max_width=400)


def _texts(value: object, depth: int) -> Iterator[str]:
    """Yield the texts of a value: its own, and those of what a serializer finds in it."""
    yield repr(value)
    if depth and isinstance(value, Mapping):
        for each in itertools.chain(value.keys(), value.values()):
            yield from _texts(each, depth - 1)
    elif depth and isinstance(value, list | tuple | set | frozenset):
        for each in value:
            yield from _texts(each, depth - 1)
