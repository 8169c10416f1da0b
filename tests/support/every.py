"""One test of a rule that many values keep: pytest takes longer for a test than such a rule for a value."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

T = TypeVar("T")


def every(values: Sequence[T], name: Callable[[T], str] = str) -> Callable[[Callable[[T], None]], Callable[[], None]]:
    """Make one test of a function that checks a value; it names each value that fails.

    Args:
        values: The values, at least one.
        name: Returns the name of a value.
    """
    assert values

    def make(rule: Callable[[T], None]) -> Callable[[], None]:
        def test() -> None:
            failed: list[Exception] = []
            for value in values:
                try:
                    rule(value)
                except Exception as error:  # noqa: BLE001 - it is raised with those of the other values
                    error.add_note(name(value))
                    failed.append(error)
            if failed:
                raise ExceptionGroup(f"{len(failed)} of {len(values)} fail", failed)

        # Not by functools.wraps: pytest would look for a fixture with the name of the parameter.
        test.__name__, test.__qualname__ = rule.__name__, rule.__qualname__
        test.__module__, test.__doc__ = rule.__module__, rule.__doc__
        return test

    return make
