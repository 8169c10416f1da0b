"""Base classes that say how an object of the asyncio or of the blocking package is used, where another statement is.

Python alone says ``object X can't be used in 'await' expression``, which names neither the statement to write nor the
package to take. Type checkers refuse these statements by themselves, so the methods are hidden from them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final, NoReturn

CLOSED: Final = (
    "the client is closed, as it is at the end of its 'with' block: make the call before, or make another client"
)
"""What a call of a closed client is refused with."""


class OnlyAsyncWith:
    """Refuses ``with``."""

    __slots__ = ()

    if not TYPE_CHECKING:

        def __enter__(self) -> NoReturn:
            name = type(self).__name__
            raise TypeError(
                f"write 'async with {name}(...)', not 'with'; the blocking twin of {name} is in frontegg_sync"
            )

        def __exit__(self, *error: object) -> None:
            """Exist, since ``with`` looks for both methods first."""


class OnlyWith:
    """Refuses ``async with``."""

    __slots__ = ()

    if not TYPE_CHECKING:

        def __aenter__(self) -> NoReturn:
            name = type(self).__name__
            raise TypeError(
                f"write 'with {name}(...)', not 'async with'; the asyncio twin of {name} is in frontegg_async"
            )

        def __aexit__(self, *error: object) -> None:
            """Exist, since ``async with`` looks for both methods first."""


class OnlyAsyncFor:
    """Refuses ``for`` and ``await``."""

    __slots__ = ()

    _whole: ClassVar[str]
    """The call that reads all of it."""

    if not TYPE_CHECKING:

        def __iter__(self) -> NoReturn:
            raise TypeError(
                f"write 'async for', not 'for': {type(self).__name__} is read while it is iterated; "
                "frontegg_sync has a blocking twin for 'for'"
            )

        def __await__(self) -> NoReturn:
            raise TypeError(
                f"{type(self).__name__} is not awaited: write 'async for item in ...' without 'await', "
                f"or 'await {self._whole}'"
            )


class _NeverAsync:
    """Refuses the first step of ``async for``. The function ``__aiter__`` does not: tqdm calls it before each loop."""

    __slots__ = ("_name",)

    def __init__(self, name: str) -> None:
        self._name = name

    def __anext__(self) -> NoReturn:
        raise TypeError(
            f"write 'for', not 'async for': {self._name} blocks while it is iterated; "
            "frontegg_async has an asyncio twin for 'async for'"
        )


class OnlyFor:
    """Refuses ``async for`` and ``await``."""

    __slots__ = ()

    _whole: ClassVar[str]
    """The call that reads all of it."""

    if not TYPE_CHECKING:

        def __aiter__(self) -> _NeverAsync:
            return _NeverAsync(type(self).__name__)

        def __await__(self) -> NoReturn:
            raise TypeError(
                f"{type(self).__name__} is not awaited: write 'for item in ...' or '{self._whole}' without 'await'; "
                "frontegg_async has an asyncio twin"
            )
