"""What hooks see of each attempt: frozen, and without credentials and bodies."""

from __future__ import annotations

from collections.abc import Mapping

import attrs


@attrs.frozen(kw_only=True)
class RequestSnapshot:
    """A request that is about to be sent.

    ``template`` is the path with its fields, as ``/tenants/resources/tenants/v2/{tenant_id}``, and ``url`` the whole
    address with ids and query. ``headers`` have lower-case names; the credential and those whose values are secrets
    are not among them. ``body_size`` is in bytes, ``None`` without a body. ``attempt`` counts from 1. ``waited`` has
    the seconds from the start of the call, or the end of its last attempt, to this one: for a connection, a token, a
    rate limit, or between attempts.
    """

    operation: str
    method: str
    template: str
    url: str = attrs.field(repr=False)
    headers: Mapping[str, str] = attrs.field(repr=False, hash=False)
    body_size: int | None
    attempt: int
    waited: float


@attrs.frozen(kw_only=True)
class ResponseSnapshot:
    """What came of a request.

    ``status`` is ``None`` if no complete answer came; then ``failure`` says why in one word, as ``timeout`` or
    ``refused``. ``headers`` have lower-case names. ``body_size`` is in bytes, unpacked. ``elapsed`` has the
    seconds from the request to the end of its answer.
    """

    request: RequestSnapshot
    status: int | None
    failure: str | None
    headers: Mapping[str, str] = attrs.field(repr=False, hash=False)
    trace_id: str | None
    body_size: int
    elapsed: float
