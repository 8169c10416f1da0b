"""Snapshots for hooks: frozen copies of each request and response, without credentials and bodies."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from frontegg_async.models.model import Model


@attrs.frozen(kw_only=True, eq=False, repr=False)
class RequestSnapshot(Model):
    """A request that is about to be sent."""

    operation: str
    """The name of the operation, as ``tenants.create``."""
    method: str
    """The HTTP method."""
    template: str
    """The path with its fields, as ``/tenants/resources/tenants/v2/{tenant_id}``."""
    url: str = attrs.field(repr=False)
    """The whole address, with ids and query."""
    headers: Mapping[str, str] = attrs.field(repr=False, hash=False)
    """The headers, with lower-case names, without the credential and those whose values are secrets."""
    body_size: int | None
    """The size of the body in bytes; ``None`` without a body."""
    body_fields: tuple[str, ...] = ()
    """The names of the fields that the body sends, as ``name``, but for those that say which tenants it is about."""
    tenant_ids: tuple[str, ...] = ()
    """The ids of the tenants that the request is about.

    They are those in the path, the body or the header; where there are none, that of the tenant of the user's token.
    """
    attempt: int
    """The number of the attempt within its call, from 1."""
    waited: float
    """The seconds that the call waited before this attempt.

    It waits for a connection, for a token, for a rate limit, or between attempts. They count from the start of the
    call, or from the end of its last attempt.
    """


@attrs.frozen(kw_only=True, eq=False, repr=False)
class ResponseSnapshot(Model):
    """The response to a request, or the failure that came in its place."""

    request: RequestSnapshot
    """The request that the response is for."""
    status: int | None
    """The HTTP status; ``None`` if no complete response came."""
    failure: str | None
    """Why no complete response came, in one word, as ``timeout`` or ``refused``; ``None`` if one came."""
    headers: Mapping[str, str] = attrs.field(repr=False, hash=False)
    """The headers of the response, with lower-case names; empty if none came."""
    trace_id: str | None
    """The service's ``frontegg-trace-id``; ``None`` if it sent none."""
    body_size: int
    """The size of the body in bytes, decompressed."""
    elapsed: float
    """The seconds from the request to the end of its response."""
