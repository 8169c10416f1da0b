"""Short tracebacks: a traceback shows the caller's code and the called method, but no internals of the SDK."""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable
from typing import Final, ParamSpec, TypeVar

from frontegg_async.errors import FronteggError

P = ParamSpec("P")
R = TypeVar("R")

_logger: Final = logging.getLogger("frontegg_async")


def shorten(error: FronteggError) -> None:
    """Remove all frames from the traceback of an error. The cause of the error keeps its frames.

    If the logger ``frontegg_async`` is enabled for DEBUG, all frames stay.

    Args:
        error: The error. The caller is an ``except`` block that ends with a bare ``raise``, which adds no frame.
    """
    if not _logger.isEnabledFor(logging.DEBUG):
        error.__traceback__ = None


def without_frames(function: Callable[P, R]) -> Callable[P, R]:
    """Decorate a function so that its errors do not contain its frame, which may contain secrets.

    Args:
        function: The function. It must not be ``async``.
    """

    @functools.wraps(function)
    def framed(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return function(*args, **kwargs)
        except FronteggError as error:
            # A bare `raise` does not add this frame.
            error.__traceback__ = None
            raise

    return framed
