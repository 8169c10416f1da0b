"""The questions before a method destroys something or changes several accounts."""

from __future__ import annotations

from collections.abc import Sequence

from frontegg_async.catalogue.types import Method
from frontegg_async.cli.session import Session


def asks(method: Method) -> bool:
    """Return whether a command asks before it calls a method: the effect is destructive, and no method can undo it.

    Args:
        method: The method.
    """
    return method.is_destructive and not method.undone_by


def confirm_several(session: Session, method: Method, number: int | None) -> None:
    """Ask in production before a method changes more than one account.

    Args:
        session: The session.
        method: A method that changes several accounts.
        number: The number of accounts that the method changes; ``None`` for all accounts of a user.

    Raises:
        CommandError: The answer is no, or there is no terminal to ask at.
        FronteggError: The environment cannot be read.
    """
    if number != 1:
        what = f"all their {method.thing}s" if number is None else f"{number:,} {method.thing}s"
        session.confirm_in_production(f"{method.action} {what}", typed=method.is_destructive)


def question_of(method: Method, positional: Sequence[object]) -> str:
    """Return the action of a method, for the question.

    Args:
        method: The method.
        positional: The positional arguments.
    """
    action = f"{method.action} 1 {method.thing}"
    return f"{action}: {' '.join(map(str, positional))}" if positional else action
