"""The local variables that error reporters collect: of an error's frames, and of its causes."""

from __future__ import annotations

import contextlib
import traceback


def locals_of(error: BaseException) -> str:
    """Return the local variables of all frames, except those of the tests, as text."""
    shown: list[str] = []
    pending: list[BaseException | None] = [error]
    while pending:
        each = pending.pop()
        if each is not None:
            pending += [each.__cause__, each.__context__]
            shown.append(str(each))
            for frame, _ in traceback.walk_tb(each.__traceback__):
                if not frame.f_globals["__name__"].startswith("tests."):
                    for value in frame.f_locals.values():
                        with contextlib.suppress(AttributeError):  # the store is not initialised yet
                            shown.append(repr(value))
    return "\n".join(shown)
