"""The operations on the snapshot of all entitlements, by which clients decide locally who may use a feature."""

from __future__ import annotations

from typing import Final

from frontegg_async.endpoints.endpoint import Auth, Endpoint, Evidence

_V1: Final = "/entitlements/api/v1"

SNAPSHOT = Endpoint(
    name="entitlements.snapshot",
    method="GET",
    path=f"{_V1}/vendor-entitlements",
    auth=Auth.ENVIRONMENT,
    returns=bytes,  # 100,000 rows are decoded to what decisions need, without lists in between
    evidence=Evidence.CLIENT,
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

ENDPOINTS: tuple[Endpoint[object], ...] = (SNAPSHOT, SNAPSHOT_OFFSET)
