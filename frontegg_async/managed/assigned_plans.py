"""Read all assignments of feature plans with one request, since a page of the listing has only 10 assignments."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.runtime.worker_threads import run_in_thread
from frontegg_async._values.json_values import decode_with_halves
from frontegg_async.endpoints import entitlements
from frontegg_async.errors import DecodeError, ErrorDetails
from frontegg_async.options import Options


class AssignedPlan(msgspec.Struct, array_like=True, gc=False):
    """An assignment of a feature plan."""

    plan_id: str
    """The id of the plan."""
    tenant_id: str
    """The id of the account."""
    user_id: str | None = None
    """The id of the user; ``None`` for the whole account."""
    expires_at: str | float | None = None
    """The end of the assignment, in the format of the service; ``None`` for no end."""


class _Data(msgspec.Struct):
    entitlements: list[AssignedPlan]


class _Snapshot(msgspec.Struct):
    data: _Data


_decoder: Final = msgspec.json.Decoder(_Snapshot)


async def read_assigned_plans(caller: Caller, options: Options | None = None) -> Sequence[AssignedPlan]:
    """Return all assignments of feature plans.

    Args:
        caller: Sends the request.
        options: Options of the request.

    Raises:
        DecodeError: The response has another form.
        FronteggError: The request failed.
    """
    return await run_in_thread(_decoded, await caller.value(entitlements.SNAPSHOT, options=options))


def _decoded(body: bytes) -> Sequence[AssignedPlan]:
    try:
        return decode_with_halves(body, _decoder, _Snapshot).data.entitlements
    except (msgspec.MsgspecError, ValueError, RecursionError):
        place = "$.data.entitlements: expected arrays of the ids of a plan and of a tenant"
    details = ErrorDetails(endpoint=entitlements.SNAPSHOT.name, reason="decode", paths=(place,))
    raise DecodeError(f"{entitlements.SNAPSHOT.name}: {place}", details)
