"""The operations on features."""

from __future__ import annotations

from types import NoneType
from typing import Final

from frontegg_async.endpoints.endpoint import Auth, Endpoint, Evidence, Retry
from frontegg_async.models.features import Feature, FeatureCreate, FeaturePage, FeatureUpdate

_V1: Final = "/entitlements/resources/features/v1"

LIST = Endpoint(
    name="features.list",
    method="GET",
    path=_V1,
    auth=Auth.ENVIRONMENT,
    query=(
        "limit",
        "offset",
        "filter",
        "orderBy",
        "sortType",
        "featureIds",
        "featureKeys",
        "permissionKeys",
        "hasFeatureFlag",
    ),
    returns=FeaturePage,
    evidence=Evidence.DOCUMENTED,
    errors=(400,),
    summary="List the features of the environment.",
)

CREATE = Endpoint(
    name="features.create",
    method="POST",
    path=_V1,
    auth=Auth.ENVIRONMENT,
    body=FeatureCreate,
    returns=Feature,
    retry=Retry.RECONCILE,
    evidence=Evidence.DOCUMENTED,
    errors=(400, 409),
    summary="Create a feature.",
)

UPDATE = Endpoint(
    name="features.update",
    method="PATCH",
    path=f"{_V1}/{{id}}",
    auth=Auth.ENVIRONMENT,
    body=FeatureUpdate,
    returns=NoneType,
    retry=Retry.RECONCILE,
    evidence=Evidence.DOCUMENTED,
    errors=(400, 404, 409),
    summary="Change fields of a feature.",
)

DELETE = Endpoint(
    name="features.delete",
    method="DELETE",
    path=f"{_V1}/{{id}}",
    auth=Auth.ENVIRONMENT,
    returns=NoneType,
    retry=Retry.DELETE,
    evidence=Evidence.DOCUMENTED,
    errors=(404,),
    summary="Delete a feature.",
)

ENDPOINTS: tuple[Endpoint[object], ...] = (LIST, CREATE, UPDATE, DELETE)
"""The operations of this module. No source documents their errors. The emulator returns 400, 404 and 409."""
