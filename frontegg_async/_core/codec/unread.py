"""Values of answers that could not be read as the type of their field: each kind is told of once, to the caller.

What reads an answer may run in another thread, or in a task that reads a page ahead, where no line of the caller is in
the stack. So what it finds is put down, and whoever hands the value to the caller warns.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

from frontegg_async._core.runtime.caller_warnings import warn_caller
from frontegg_async.errors import UnknownValueWarning

_Key = tuple[type, str]

_told: Final[set[_Key]] = set()
"""The models and fields that were told of in this process."""


class Findings:
    """What was found and is not told yet.

    Args:
        is_held: Whether it waits for a listing to hand the page to its caller.
    """

    __slots__ = ("_messages", "is_held")

    def __init__(self, *, is_held: bool) -> None:
        self.is_held: bool = is_held
        self._messages: dict[_Key, str] = {}

    def add(self, key: _Key, message: str) -> None:
        """Put down what is to be told."""
        self._messages[key] = message

    def tell(self) -> None:
        """Warn the caller of all that was put down, at its line.

        Raises:
            UnknownValueWarning: The filters make errors of such warnings.
        """
        try:
            for key in tuple(self._messages):
                warn_caller(self._messages.pop(key), UnknownValueWarning)
        finally:
            self.drop()

    def drop(self) -> None:
        """Drop what was put down; it is told when it is found again."""
        _told.difference_update(self._messages)
        self._messages.clear()


found: Final[ContextVar[Findings | None]] = ContextVar("frontegg_unread", default=None)
"""What was found in the calls of this task; ``None`` for nothing."""


def record_attempt(model: type, field: str, value: object, kept_as: str | None) -> None:
    """Take down that a value could not be read as the type of its field, once for each field of a model.

    Args:
        model: The model.
        field: The field, as the model names it.
        value: What came; only its type is told.
        kept_as: The name that ``extra`` has it under; ``None`` if it is a secret, which is not kept.
    """
    key = (model, field)
    # Null says that there is nothing, which needs no telling.
    if value is None or key in _told:
        return
    _told.add(key)
    findings = found.get()
    if findings is None:
        findings = Findings(is_held=False)
        found.set(findings)
    where = (
        "what came is not kept, since it may be a secret" if kept_as is None else f"extra[{kept_as!r}] has what came"
    )
    findings.add(
        key,
        f"{model.__name__}.{field} cannot be read: the service gave a value of type {type(value).__name__} there. "
        f"The field has its default, and {where}. This is told once for each field",
    )


def tell() -> None:
    """Warn the caller of what was found in a call of it, unless it is for a listing to tell."""
    findings = found.get()
    if findings is not None and not findings.is_held:
        found.set(None)
        findings.tell()


def expect() -> None:
    """Have what another thread finds for this task be known here."""
    if found.get() is None:
        found.set(Findings(is_held=False))


@contextmanager
def held_by(findings: Findings) -> Generator[None]:
    """Have what is found meanwhile, and in tasks that are begun meanwhile, put down in ``findings``."""
    before = found.get()
    found.set(findings)
    try:
        yield
    finally:
        # Not by its token: a coroutine that is dropped half-way ends in another context.
        found.set(before)


def forget() -> None:
    """Drop what was found in an answer that cannot be read after all."""
    findings = found.get()
    if findings is not None and not findings.is_held:
        found.set(None)
        findings.drop()
