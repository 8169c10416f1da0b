"""The error for unreadable bodies, and one warning for each field with an unreadable value.

A response may be decoded in another thread, or in a task that prefetches a page. The stack there does not contain the
line of the caller, which the warning must name. So warnings are collected while a response is decoded. The code that
returns the value to the caller emits the warnings.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

from frontegg_async._core.runtime.caller_warnings import warn_caller
from frontegg_async.errors import UnknownValueWarning

_Key = tuple[type, str]

_warned: Final[set[_Key]] = set()
"""The models and fields about which this process has warned."""


class UnreadableError(Exception):
    """A body does not match the expected type. The arguments are paths and types, never values."""

    def __init__(self, *paths: str) -> None:
        super().__init__(*paths)


class PendingWarnings:
    """Collected warnings that are not emitted yet.

    Args:
        is_held: Whether the warnings are emitted only when a listing returns the page to its caller.
    """

    __slots__ = ("_messages", "is_held")

    def __init__(self, *, is_held: bool) -> None:
        self.is_held: bool = is_held
        self._messages: dict[_Key, str] = {}

    def add(self, key: _Key, message: str) -> None:
        """Add a warning."""
        self._messages[key] = message

    def emit(self) -> None:
        """Emit all warnings at the line of the caller.

        Raises:
            UnknownValueWarning: The warning filters of the program turn this warning into an error.
        """
        try:
            for key in tuple(self._messages):
                warn_caller(self._messages.pop(key), UnknownValueWarning)
        finally:
            self.discard()

    def discard(self) -> None:
        """Discard all warnings. They are collected again if the same fields are unreadable again."""
        _warned.difference_update(self._messages)
        self._messages.clear()


pending: Final[ContextVar[PendingWarnings | None]] = ContextVar("frontegg_unreadable_values", default=None)
"""The warnings that were collected in the calls of this task. ``None`` for no warnings."""


def record(model: type, field: str, value: object, kept_as: str | None) -> None:
    """Collect a warning about a value that cannot be converted to the type of its field.

    Each field of a model causes one warning.

    Args:
        model: The model.
        field: The name of the field in the model.
        value: The value in the response. The warning contains only the type of the value.
        kept_as: The key of the value in ``extra``. ``None`` for a secret, which is not stored.
    """
    key = (model, field)
    # Null means that the field has no value. This needs no warning.
    if value is None or key in _warned:
        return
    _warned.add(key)
    collected = pending.get()
    if collected is None:
        collected = PendingWarnings(is_held=False)
        pending.set(collected)
    where = (
        "the value is not kept, because it may be a secret" if kept_as is None else f"extra[{kept_as!r}] has the value"
    )
    collected.add(
        key,
        f"{model.__name__}.{field} cannot be read: the service sent a value of type {type(value).__name__}. "
        f"The field has its default, and {where}. This warning comes once for each field",
    )


def emit() -> None:
    """Emit the warnings that were collected in this call, unless a listing emits them later."""
    collected = pending.get()
    if collected is not None and not collected.is_held:
        pending.set(None)
        collected.emit()


def collect_from_threads() -> None:
    """Share a collection of warnings with a thread that decodes a response for this task."""
    if pending.get() is None:
        pending.set(PendingWarnings(is_held=False))


@contextmanager
def collected_in(warnings: PendingWarnings) -> Generator[None]:
    """Collect the warnings of this block, and of tasks that the block starts, in ``warnings``."""
    before = pending.get()
    pending.set(warnings)
    try:
        yield
    finally:
        # Set the value instead of resetting it by the token: Python may close an unfinished coroutine in another
        # context, where the token is invalid.
        pending.set(before)


def discard() -> None:
    """Discard the warnings about a response that could not be decoded."""
    collected = pending.get()
    if collected is not None and not collected.is_held:
        pending.set(None)
        collected.discard()
