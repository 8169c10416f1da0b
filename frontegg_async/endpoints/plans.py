"""The operations on plans."""

from __future__ import annotations

from types import NoneType
from typing import Final

from frontegg_async.endpoints.endpoint import Auth, Endpoint, Evidence, Retry
from frontegg_async.models.features import FeaturePage
from frontegg_async.models.plans import (
    FeaturePlan,
    FeaturePlanCreate,
    FeaturePlanPage,
    FeaturePlanUpdate,
    PlanFeatures,
)

_V1: Final = "/entitlements/resources/plans/v1"
_ONE: Final = f"{_V1}/{{id}}"

LIST = Endpoint(
    name="plans.list",
    method="GET",
    path=_V1,
    auth=Auth.ENVIRONMENT,
    query=("limit", "offset", "filter", "orderBy", "sortType", "featureIds", "userIds", "tenantIds"),
    returns=FeaturePlanPage,
    evidence=Evidence.DOCUMENTED,
    errors=(400,),
    summary="List the plans of the environment.",
)

GET = Endpoint(
    name="plans.get",
    method="GET",
    path=_ONE,
    auth=Auth.ENVIRONMENT,
    returns=FeaturePlan,
    evidence=Evidence.DOCUMENTED,
    _subject="id",
    _subject_field="id",
    errors=(404,),
    summary="Get a plan with its features.",
)

CREATE = Endpoint(
    name="plans.create",
    method="POST",
    path=_V1,
    auth=Auth.ENVIRONMENT,
    body=FeaturePlanCreate,
    returns=FeaturePlan,
    retry=Retry.NEVER,
    evidence=Evidence.DOCUMENTED,
    errors=(400, 404),
    summary="Create a plan.",
)

UPDATE = Endpoint(
    name="plans.update",
    method="PATCH",
    path=_ONE,
    auth=Auth.ENVIRONMENT,
    body=FeaturePlanUpdate,
    returns=FeaturePlan,
    retry=Retry.RECONCILE,
    evidence=Evidence.DOCUMENTED,
    _subject="id",
    _subject_field="id",
    errors=(400, 404),
    summary="Change fields of a plan.",
)

DELETE = Endpoint(
    name="plans.delete",
    method="DELETE",
    path=_ONE,
    auth=Auth.ENVIRONMENT,
    returns=NoneType,
    retry=Retry.DELETE,
    evidence=Evidence.DOCUMENTED,
    errors=(404,),
    summary="Delete a plan.",
)

LIST_FEATURES = Endpoint(
    name="plans.list_features",
    method="GET",
    path=f"{_ONE}/features",
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
    errors=(400, 404),
    summary="List the features of a plan.",
)

LINK_FEATURES = Endpoint(
    name="plans.link_features",
    method="PATCH",
    path=f"{_ONE}/features/link",
    auth=Auth.ENVIRONMENT,
    body=PlanFeatures,
    returns=NoneType,
    retry=Retry.RECONCILE,
    evidence=Evidence.DOCUMENTED,
    errors=(400, 404),
    summary="Add features to a plan.",
)

UNLINK_FEATURES = Endpoint(
    name="plans.unlink_features",
    method="PATCH",
    path=f"{_ONE}/features/unlink",
    auth=Auth.ENVIRONMENT,
    body=PlanFeatures,
    returns=NoneType,
    retry=Retry.RECONCILE,
    evidence=Evidence.DOCUMENTED,
    errors=(400, 404),
    summary="Remove features from a plan.",
)

ENDPOINTS: tuple[Endpoint[object], ...] = (
    LIST,
    GET,
    CREATE,
    UPDATE,
    DELETE,
    LIST_FEATURES,
    LINK_FEATURES,
    UNLINK_FEATURES,
)
"""The operations of this module. No source documents their errors. The emulator returns 400 and 404."""
