"""What ``send()`` returns: the value together with how it came."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Generic, TypeVar

import attrs

from frontegg_async._values.value import Value

T_co = TypeVar("T_co", covariant=True)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Response(Value, Generic[T_co]):
    """The answer of a call.

    ``headers`` have lower-case names; ``attempts`` counts the requests of the call; ``elapsed`` is in seconds, from the
    start of the call to its end.
    """

    value: T_co = attrs.field(repr=False)
    status: int
    headers: Mapping[str, str] = attrs.field(repr=False, hash=False)
    trace_id: str | None
    attempts: int
    elapsed: float
