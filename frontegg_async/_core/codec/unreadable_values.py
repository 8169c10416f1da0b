"""Unreadable bodies, and warnings about unreadable values, once for each field.

A response may be read in another thread, or in a task that prefetches a page, where no line of the caller is in the
stack. So warnings are collected while a response is read, and emitted by the code that returns the value to the caller.
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
"""The models and fields that this process has warned about."""


class UnreadableError(Exception):
    """A body is not what was expected; the arguments are paths and types, never values."""

    def __init__(self, *paths: str) -> None:
        super().__init__(*paths)


class PendingWarnings:
    """Warnings that were collected and are not emitted yet.

    Args:
        is_held: Whether they wait until a listing returns the page to its caller.
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
            UnknownValueWarning: The filters turn such warnings into errors.
        """
        try:
            for key in tuple(self._messages):
                warn_caller(self._messages.pop(key), UnknownValueWarning)
        finally:
            self.discard()

    def discard(self) -> None:
        """Discard all warnings; they are collected again when the same fields are unreadable again."""
        _warned.difference_update(self._messages)
        self._messages.clear()


pending: Final[ContextVar[PendingWarnings | None]] = ContextVar("frontegg_unreadable_values", default=None)
"""The warnings that were collected in the calls of this task; ``None`` for none."""


def record(model: type, field: str, value: object, kept_as: str | None) -> None:
    """Collect a warning about a value that cannot be read as the type of its field, once for each field of a model.

    Args:
        model: The model.
        field: The field, as the model names it.
        value: The value in the response; the warning names only its type.
        kept_as: The key in ``extra`` that holds the value; ``None`` for a secret, which is not kept.
    """
    key = (model, field)
    # Null means that there is no value, which is no reason to warn.
    if value is None or key in _warned:
        return
    _warned.add(key)
    collected = pending.get()
    if collected is None:
        collected = PendingWarnings(is_held=False)
        pending.set(collected)
    where = (
        "the value is not kept, since it may be a secret" if kept_as is None else f"extra[{kept_as!r}] has the value"
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
    """Let the warnings that another thread collects for this task be seen in this context."""
    if pending.get() is None:
        pending.set(PendingWarnings(is_held=False))


@contextmanager
def collected_in(warnings: PendingWarnings) -> Generator[None]:
    """Collect into ``warnings`` the warnings of this block and of tasks that it starts."""
    before = pending.get()
    pending.set(warnings)
    try:
        yield
    finally:
        # Not by the token, since a coroutine that is dropped half-way ends in another context.
        pending.set(before)


def discard() -> None:
    """Discard the warnings about a response that is unreadable as a whole."""
    collected = pending.get()
    if collected is not None and not collected.is_held:
        pending.set(None)
        collected.discard()
