"""Base classes whose errors name the right statement: ``async with`` or ``with``, ``async for`` or ``for``.

Python's own error, ``object X can't be used in 'await' expression``, names neither the right statement nor the right
package. Type checkers report the mistake themselves, so these methods are hidden from type checkers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final, NoReturn

CLOSED: Final = "the client is closed: make the call inside its 'with' block, or make another client"
"""The message of the error if a call uses a closed client."""


class OnlyAsyncWith:
    """The base class of classes that refuse ``with``."""

    __slots__ = ()

    if not TYPE_CHECKING:

        def __enter__(self) -> NoReturn:
            name = type(self).__name__
            raise TypeError(
                f"write 'async with {name}(...)', not 'with'; the blocking twin of {name} is in frontegg_sync"
            )

        def __exit__(self, *error: object) -> None:
            """Never called. Python requires both methods before it calls ``__enter__``."""


class OnlyWith:
    """The base class of classes that refuse ``async with``."""

    __slots__ = ()

    if not TYPE_CHECKING:

        def __aenter__(self) -> NoReturn:
            name = type(self).__name__
            raise TypeError(
                f"write 'with {name}(...)', not 'async with'; the asyncio twin of {name} is in frontegg_async"
            )

        def __aexit__(self, *error: object) -> None:
            """Never called. Python requires both methods before it calls ``__aenter__``."""


class OnlyAsyncFor:
    """The base class of classes that refuse ``for`` and ``await``."""

    __slots__ = ()

    _whole: ClassVar[str]
    """The call that returns all items."""

    if not TYPE_CHECKING:

        def __iter__(self) -> NoReturn:
            raise TypeError(
                f"write 'async for', not 'for': {type(self).__name__} requests its items while you iterate it; "
                "frontegg_sync has a blocking twin for 'for'"
            )

        def __await__(self) -> NoReturn:
            raise TypeError(
                f"{type(self).__name__} is not awaited: write 'async for item in ...' without 'await', "
                f"or 'await {self._whole}'"
            )


class _NeverAsync:
    """An iterator that refuses its first step. ``__aiter__`` itself must not fail: tqdm calls it before each loop."""

    __slots__ = ("_name",)

    def __init__(self, name: str) -> None:
        self._name = name

    def __anext__(self) -> NoReturn:
        raise TypeError(
            f"write 'for', not 'async for': {self._name} blocks while you iterate it; "
            "frontegg_async has an asyncio twin for 'async for'"
        )


class OnlyFor:
    """The base class of classes that refuse ``async for`` and ``await``."""

    __slots__ = ()

    _whole: ClassVar[str]
    """The call that returns all items."""

    if not TYPE_CHECKING:

        def __aiter__(self) -> _NeverAsync:
            return _NeverAsync(type(self).__name__)

        def __await__(self) -> NoReturn:
            raise TypeError(
                f"{type(self).__name__} is not awaited: write 'for item in ...' or '{self._whole}' without 'await'; "
                "frontegg_async has an asyncio twin"
            )
