"""The operations on the hierarchy of tenants."""

from __future__ import annotations

from types import NoneType
from typing import Final

from frontegg_async.endpoints.endpoint import TENANT_OF_CALL, Auth, Endpoint, Evidence, Retry
from frontegg_async.models.hierarchy import (
    HierarchyAssignment,
    HierarchyMetadata,
    HierarchyRemoval,
    HierarchyTenant,
    RelatedTenant,
)
from frontegg_async.models.page import Page
from frontegg_async.tree import TenantTree

_V1: Final = "/tenants/resources/hierarchy/v1"
_V2: Final = "/tenants/resources/hierarchy/v2"
_READERS: Final = Auth.TENANT | Auth.USER

ASSIGN = Endpoint(
    name="hierarchy.assign",
    method="POST",
    path=_V1,
    auth=Auth.ENVIRONMENT,
    body=HierarchyAssignment,
    returns=NoneType,
    retry=Retry.RECONCILE,
    evidence=Evidence.DOCUMENTED,
    status=201,
    errors=(400,),
    summary="Make a tenant a sub-account of another tenant.",
)

REMOVE = Endpoint(
    name="hierarchy.unassign",
    method="DELETE",
    path=_V1,
    auth=Auth.ENVIRONMENT,
    body=HierarchyRemoval,
    returns=NoneType,
    retry=Retry.RECONCILE,
    evidence=Evidence.CLIENT,
    errors=(400, 404),
    summary="Remove a tenant from its parent, together with all tenants below it.",
)

SUB_ACCOUNTS = Endpoint(
    name="hierarchy.list_sub_accounts",
    method="GET",
    path=_V1,
    auth=_READERS,
    returns=tuple[RelatedTenant, ...],
    evidence=Evidence.DOCUMENTED,
    summary="List all tenants below a tenant.",
)

TREE = Endpoint(
    name="hierarchy.tree",
    method="GET",
    path=f"{_V1}/tree",
    auth=_READERS,
    returns=TenantTree,
    evidence=Evidence.DOCUMENTED,
    _subject=TENANT_OF_CALL,
    errors=(400,),
    summary="Get a tenant and all tenants below it as a tree.",
)

PARENTS = Endpoint(
    name="hierarchy.list_parents",
    method="GET",
    path=f"{_V1}/parents",
    auth=_READERS,
    returns=tuple[RelatedTenant, ...],
    evidence=Evidence.DOCUMENTED,
    summary="List all tenants above a tenant.",
)

PARENTS_OF = Endpoint(
    name="hierarchy.list_parents_of",
    method="GET",
    path=f"{_V1}/parents/{{tenant_id}}",
    auth=Auth.USER,
    returns=tuple[RelatedTenant, ...],
    evidence=Evidence.CLIENT,
    errors=(403, 404),
    summary="List all tenants above a sub-account of the caller.",
)

SEARCH = Endpoint(
    name="hierarchy.search",
    method="GET",
    path=_V2,
    auth=_READERS,
    returns=Page[HierarchyTenant],
    evidence=Evidence.CLIENT,
    query=("_limit", "_offset", "_filter", "_subTenantId", "_sortBy", "_order"),
    errors=(400,),
    summary="Search the tenants below a tenant, a page at a time.",
)

SUB_ACCOUNT_COUNTS = Endpoint(
    name="hierarchy.count_sub_accounts",
    method="GET",
    path=f"{_V2}/metadata",
    auth=_READERS,
    returns=tuple[HierarchyMetadata, ...],
    evidence=Evidence.CLIENT,
    query=("_tenantIds",),
    _subject="_tenantIds",
    summary="Count the sub-accounts of some tenants of a hierarchy.",
)

ENDPOINTS: tuple[Endpoint[object], ...] = (
    ASSIGN,
    REMOVE,
    SUB_ACCOUNTS,
    TREE,
    PARENTS,
    PARENTS_OF,
    SEARCH,
    SUB_ACCOUNT_COUNTS,
)
