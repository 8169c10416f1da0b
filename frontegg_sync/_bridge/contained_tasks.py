"""A task factory that turns SystemExit and KeyboardInterrupt in a task into errors, so that the event loop survives."""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Callable, Coroutine, Generator
from types import TracebackType
from typing import Any, Final, TypeAlias, TypeVar, cast

from frontegg_async.errors import FronteggError

T = TypeVar("T")
Steps: TypeAlias = Coroutine[Any, Any, T] | Generator[Any, None, T]  # the type that asyncio uses for tasks


def _same(name: str) -> property:
    """Return a property that returns an attribute of the contained coroutine."""
    return property(lambda contained: getattr(contained._coroutine, name))  # noqa: SLF001 - of the class below


class _Contained(Coroutine[object, object, T]):
    """A coroutine that runs another coroutine, and turns its SystemExit and KeyboardInterrupt into errors."""

    __slots__ = ("_coroutine",)

    def __init__(self, coroutine: Coroutine[Any, Any, T]) -> None:
        self._coroutine = coroutine

    def send(self, value: object, /) -> object:
        return _contain(lambda: self._coroutine.send(value))

    def throw(
        self, typ: type[BaseException] | BaseException, val: object = None, tb: TracebackType | None = None, /
    ) -> object:
        error = typ if isinstance(typ, BaseException) else val if isinstance(val, BaseException) else typ()
        return _contain(lambda: self._coroutine.throw(error.with_traceback(tb) if tb else error))

    def close(self) -> None:
        self._coroutine.close()

    # anyio reads the state of a coroutine from these attributes.
    cr_running: Final = _same("cr_running")
    cr_suspended: Final = _same("cr_suspended")
    cr_frame: Final = _same("cr_frame")
    cr_await: Final = _same("cr_await")
    cr_code: Final = _same("cr_code")

    def __await__(self) -> Generator[object, object, T]:
        return self._coroutine.__await__()


def _contain(step: Callable[[], object]) -> object:
    try:
        return step()
    except (SystemExit, KeyboardInterrupt) as error:
        kind = type(error).__name__
    raise FronteggError(f"code that ran in the client's event loop raised {kind}")


def make_task(
    loop: asyncio.AbstractEventLoop,
    coroutine: Steps[T],
    *,
    name: str | None = None,
    context: contextvars.Context | None = None,
    eager_start: bool | None = None,
) -> asyncio.Task[T]:
    """Create a task. This function is the task factory of the event loop.

    Args:
        loop: The event loop.
        coroutine: The coroutine of the task.
        name: The name of the task.
        context: The context in which the task runs.
        eager_start: Has no effect: the task always starts in the next iteration of the event loop.
    """
    del eager_start
    return asyncio.Task(_Contained(cast("Coroutine[Any, Any, T]", coroutine)), loop=loop, name=name, context=context)
