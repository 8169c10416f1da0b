"""The model of a response: what ``send()`` returns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Generic, TypeVar

import attrs

from frontegg_async._values.value import Value

T_co = TypeVar("T_co", covariant=True)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Response(Value, Generic[T_co]):
    """The value that a call returned, with the status, the headers and the duration of the call."""

    value: T_co = attrs.field(repr=False)
    """What the operation returns."""
    status: int
    """The HTTP status."""
    headers: Mapping[str, str] = attrs.field(repr=False, hash=False)
    """The headers of the response, with lower-case names."""
    trace_id: str | None
    """The service's ``frontegg-trace-id``; ``None`` if it sent none."""
    attempts: int
    """How many requests the call made."""
    elapsed: float
    """The seconds from the start of the call to its end."""
