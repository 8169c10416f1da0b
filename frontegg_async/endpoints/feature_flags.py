"""The operations on feature flags."""

from __future__ import annotations

from types import NoneType
from typing import Final

from frontegg_async.endpoints.endpoint import Auth, Endpoint, Evidence, Retry
from frontegg_async.models.feature_flags import FeatureFlag, FeatureFlagCreate, FeatureFlagPage, FeatureFlagUpdate

_V1: Final = "/entitlements/resources/feature-flags/v1"
_ONE: Final = f"{_V1}/{{id}}"

LIST = Endpoint(
    name="feature_flags.list",
    method="GET",
    path=_V1,
    auth=Auth.ENVIRONMENT,
    query=("limit", "offset", "filter", "orderBy", "sortType"),
    returns=FeatureFlagPage,
    evidence=Evidence.DOCUMENTED,
    errors=(400,),
    summary="List the feature flags of the environment.",
)

GET = Endpoint(
    name="feature_flags.get",
    method="GET",
    path=_ONE,
    auth=Auth.ENVIRONMENT,
    returns=FeatureFlag,
    evidence=Evidence.DOCUMENTED,
    _subject="id",
    _subject_field="id",
    errors=(404,),
    summary="Get a feature flag.",
)

CREATE = Endpoint(
    name="feature_flags.create",
    method="POST",
    path=_V1,
    auth=Auth.ENVIRONMENT,
    body=FeatureFlagCreate,
    returns=FeatureFlag,
    retry=Retry.NEVER,
    evidence=Evidence.DOCUMENTED,
    errors=(400, 404),
    summary="Create a feature flag.",
)

UPDATE = Endpoint(
    name="feature_flags.update",
    method="PATCH",
    path=_ONE,
    auth=Auth.ENVIRONMENT,
    body=FeatureFlagUpdate,
    returns=FeatureFlag,
    retry=Retry.RECONCILE,
    evidence=Evidence.DOCUMENTED,
    _subject="id",
    _subject_field="id",
    errors=(400, 404),
    summary="Change fields of a feature flag.",
)

DELETE = Endpoint(
    name="feature_flags.delete",
    method="DELETE",
    path=_ONE,
    auth=Auth.ENVIRONMENT,
    returns=NoneType,
    retry=Retry.DELETE,
    evidence=Evidence.DOCUMENTED,
    errors=(404,),
    summary="Delete a feature flag.",
)

ENDPOINTS: tuple[Endpoint[object], ...] = (LIST, GET, CREATE, UPDATE, DELETE)
"""The operations of this module. No source documents their errors. The emulator returns 400 and 404."""
