"""The operations on a user's entitlements, and on the snapshot with which clients decide locally."""

from __future__ import annotations

from typing import Final

from frontegg_async.endpoints.endpoint import Auth, Endpoint, Evidence
from frontegg_async.models.user_entitlements import UserEntitlements

_V1: Final = "/entitlements/api/v1"

MAX_BODY: Final = 128 * 1024 * 1024
"""The largest snapshot that the client reads, in bytes. More than a million assignments fit."""

GET = Endpoint(
    name="entitlements.get",
    method="GET",
    path="/entitlements/api/v2/user-entitlements",
    auth=Auth.USER,
    returns=UserEntitlements,
    evidence=Evidence.CLIENT,
    summary="Get the entitlements of the signed-in user.",
)

SNAPSHOT = Endpoint(
    name="entitlements.snapshot",
    method="GET",
    path=f"{_V1}/vendor-entitlements",
    auth=Auth.ENVIRONMENT,
    returns=bytes,  # decodes 100,000 rows directly to the values for decisions, without lists in between
    evidence=Evidence.CLIENT,
    _max_body=MAX_BODY,
    client=False,
    summary="Get all features, plans, feature flags and plan assignments of the environment.",
)

SNAPSHOT_OFFSET = Endpoint(
    name="entitlements.snapshot_offset",
    method="GET",
    path=f"{_V1}/vendor-entitlements-snapshot-offset",
    auth=Auth.ENVIRONMENT,
    returns=object,
    evidence=Evidence.CLIENT,
    client=False,
    summary="Get the offset of the snapshot, which differs after each change.",
)

ENDPOINTS: tuple[Endpoint[object], ...] = (GET, SNAPSHOT, SNAPSHOT_OFFSET)
