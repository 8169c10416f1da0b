"""The arguments of hooks: immutable descriptions of requests and responses, without credentials and bodies."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from frontegg_async.models.model import Model


@attrs.frozen(kw_only=True, eq=False, repr=False)
class RequestSnapshot(Model):
    """A request that is about to be sent."""

    operation: str
    """The name of the operation, such as ``tenants.create``."""
    method: str
    """The HTTP method."""
    template: str
    """The path template, such as ``/tenants/resources/tenants/v2/{tenant_id}``."""
    url: str = attrs.field(repr=False)
    """The complete URL, with ids and query."""
    headers: Mapping[str, str] = attrs.field(repr=False, hash=False)
    """The headers with lower-case names, without the credential and other headers with secret values."""
    body_size: int | None
    """The size of the body in bytes; ``None`` without a body."""
    body_fields: tuple[str, ...] = ()
    """The JSON names of the body's fields, such as ``name``, without fields that identify tenants."""
    tenant_ids: tuple[str, ...] = ()
    """The ids of the tenants that the request concerns.

    The ids come from the path, the body or the header. Without an id in these places, the field has the tenant of the
    user's token.
    """
    attempt: int
    """The number of the attempt within the call, from 1."""
    waited: float
    """The number of seconds that the call waited before this attempt.

    A call waits for a connection, for a token, for a rate limit, or between attempts. For the first attempt, this time
    begins at the start of the call. For a later attempt, this time begins at the end of the attempt before.
    """


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ResponseSnapshot(Model):
    """The response to a request, or the failure if no complete response arrived."""

    request: RequestSnapshot
    """The request that was sent."""
    status: int | None
    """The HTTP status; ``None`` without a complete response."""
    failure: str | None
    """The failure in one word, such as ``timeout`` or ``refused``; ``None`` for a complete response."""
    headers: Mapping[str, str] = attrs.field(repr=False, hash=False)
    """The headers of the response, with lower-case names; empty without a response."""
    trace_id: str | None
    """The service's ``frontegg-trace-id``; ``None`` if the response has none."""
    body_size: int
    """The size of the decompressed body in bytes."""
    elapsed: float
    """The number of seconds from the start of the request to the end of the response."""
