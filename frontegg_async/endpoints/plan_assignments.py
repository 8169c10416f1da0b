"""The operations on plan assignments, which the service calls entitlements."""

from __future__ import annotations

from types import NoneType
from typing import Final

from frontegg_async.endpoints.endpoint import Auth, Endpoint, Evidence, Retry
from frontegg_async.models.plan_assignments import (
    PlanAssignment,
    PlanAssignmentIds,
    PlanAssignmentPage,
    PlanAssignmentsCreate,
    PlanAssignmentsUpdate,
)

_V2: Final = "/entitlements/resources/entitlements/v2"

LIST = Endpoint(
    name="plan_assignments.list",
    method="GET",
    path=_V2,
    auth=Auth.ENVIRONMENT,
    query=(
        "limit",
        "offset",
        "orderBy",
        "sortType",
        "planId",
        "planIds",
        "tenantIds",
        "userIds",
        "assignLevel",
        "withRelations",
    ),
    returns=PlanAssignmentPage,
    evidence=Evidence.DOCUMENTED,
    errors=(400,),
    summary="List the plan assignments of the environment.",
)

GET = Endpoint(
    name="plan_assignments.get",
    method="GET",
    path=f"{_V2}/{{id}}",
    auth=Auth.ENVIRONMENT,
    returns=PlanAssignment,
    evidence=Evidence.DOCUMENTED,
    _subject="id",
    _subject_field="id",
    errors=(404,),
    summary="Get a plan assignment.",
)

ASSIGN = Endpoint(
    name="plan_assignments.assign",
    method="POST",
    path=f"{_V2}/batch",
    auth=Auth.ENVIRONMENT,
    body=PlanAssignmentsCreate,
    returns=PlanAssignmentIds,
    retry=Retry.NEVER,
    evidence=Evidence.DOCUMENTED,
    errors=(400, 404),
    summary="Assign plans to tenants and users.",
)

CHANGE_EXPIRY = Endpoint(
    name="plan_assignments.change_expiry",
    method="PATCH",
    path=f"{_V2}/batch",
    auth=Auth.ENVIRONMENT,
    body=PlanAssignmentsUpdate,
    returns=NoneType,
    retry=Retry.RESEND,
    evidence=Evidence.DOCUMENTED,
    errors=(400, 404),
    summary="Change the ends of plan assignments.",
)

REMOVE = Endpoint(
    name="plan_assignments.remove",
    method="DELETE",
    path=f"{_V2}/batch",
    auth=Auth.ENVIRONMENT,
    query=("ids",),
    returns=NoneType,
    retry=Retry.RESEND,
    evidence=Evidence.DOCUMENTED,
    errors=(400,),
    summary="Remove plan assignments.",
)

ENDPOINTS: tuple[Endpoint[object], ...] = (LIST, GET, ASSIGN, CHANGE_EXPIRY, REMOVE)
"""The operations of this module. No source documents their errors. The emulator returns 400 and 404."""
