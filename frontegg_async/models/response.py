"""The model of a response, which ``send()`` returns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Generic, TypeVar, cast

import attrs

from frontegg_async._values.secret import Hidden
from frontegg_async.models.model import Serializable

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Response(Serializable, Generic[T_co]):
    """The return value of a call, with the status and the headers of the response and the duration of the call."""

    value: T_co = attrs.field(repr=False)
    """The return value of the operation."""
    status: int
    """The HTTP status."""
    headers: Mapping[str, str] = attrs.field(repr=False, hash=False)
    """The headers of the response, with lower-case names."""
    trace_id: str | None
    """The service's ``frontegg-trace-id``; ``None`` if the response has none."""
    attempts: int
    """The number of requests that the call sent."""
    elapsed: float
    """The duration of the call, in seconds."""

    @classmethod
    def from_dict(cls, data: Mapping[str, object], value: type[T]) -> Response[T]:
        """Return the response for a dict that ``to_dict()`` returned with either ``mode``.

        Args:
            data: The names and values of the fields.
            value: The type of ``value``, such as ``Tenant``, ``Page[Tenant]`` or ``tuple[Tenant, ...]``.

        Raises:
            InvalidArgumentError: A field is missing or a value does not fit its type, as in `Model.from_dict`; or
                ``value`` is no supported type.
        """
        from frontegg_async.models import from_plain  # noqa: PLC0415 - only conversions need it

        hidden: Hidden[object] = Hidden(data)
        del data
        return cast("Response[T]", from_plain.generic_of(hidden, Response, value, "value"))
