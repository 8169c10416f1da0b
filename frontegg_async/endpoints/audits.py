"""The operations on the audit log."""

from __future__ import annotations

from typing import Final

import attrs

from frontegg_async.endpoints.endpoint import Auth, Endpoint, Evidence, Retry
from frontegg_async.models.audits import AuditCreate, AuditExport, AuditMetrics, AuditRows, AuditStats

_V2: Final = "/audits/resources/audits/v2"
_QUERY: Final = (
    "created_from",
    "created_to",
    "tenant_ids",
    "users",
    "email",
    "count",
    "offset",
    "sortBy",
    "sortDirection",
    "filter",
    "featureFlagId",
)

_QUERY_V1: Final = (
    "vendorId",
    "tenantId",
    "limit",
    "offset",
    "count",
    "paginationMode",
    "filter",
    "sortBy",
    "sortDirection",
)

LIST = Endpoint(
    name="audits.list",
    method="GET",
    path=_V2,
    auth=Auth.ENVIRONMENT | Auth.TENANT | Auth.USER,
    returns=AuditRows,
    evidence=Evidence.LIVE,
    query=_QUERY,
    errors=(400,),
    summary="List rows of the audit log.",
)

WRITE = Endpoint(
    name="audits.write",
    method="POST",
    path="/audits",
    auth=Auth.TENANT,
    body=AuditCreate,
    returns=object,
    retry=Retry.NEVER,
    evidence=Evidence.DOCUMENTED,
    status=202,
    errors=(400, 404),
    summary="Write a row into the audit log of a tenant.",
)

EXPORT_CSV = Endpoint(
    name="audits.export_csv",
    method="POST",
    path=f"{_V2}/export/csv",
    auth=Auth.TENANT | Auth.USER,
    body=AuditExport,
    returns=bytes,
    retry=Retry.SAFE,
    evidence=Evidence.DOCUMENTED,
    query=_QUERY,
    errors=(400, 404),
    media_type="text/csv",
    summary="Get rows of the audit log of a tenant as CSV.",
)

STATS = Endpoint(
    name="audits.get_stats",
    method="GET",
    path="/audits/stats",
    auth=Auth.TENANT | Auth.USER,
    returns=AuditStats,
    evidence=Evidence.CLIENT,
    errors=(404,),
    summary="Count the rows of the audit log of a tenant.",
)

METRICS = Endpoint(
    name="audits.get_metrics",
    method="GET",
    path="/audits/resources/metrics/v1",
    auth=Auth.ENVIRONMENT,
    returns=AuditMetrics,
    evidence=Evidence.DOCUMENTED,
    query=("from", "to", "limit", "frequency"),
    errors=(400,),
    summary="Count the rows of the audit log of an environment by resource, tenant and time.",
)

LIST_V1 = Endpoint(
    name="audits.list_v1",
    method="GET",
    path="/audits",
    auth=Auth.ENVIRONMENT | Auth.TENANT | Auth.USER,
    returns=AuditRows,
    evidence=Evidence.DOCUMENTED,
    query=_QUERY_V1,
    errors=(400,),
    client=False,
    summary="List rows of the audit log, as Frontegg's own clients do.",
)

EXPORT_CSV_V1 = Endpoint(
    name="audits.export_csv_v1",
    method="POST",
    path="/audits/export/csv",
    auth=Auth.TENANT | Auth.USER,
    body=AuditExport,
    returns=bytes,
    retry=Retry.SAFE,
    evidence=Evidence.DOCUMENTED,
    query=_QUERY_V1,
    status=201,
    errors=(400, 404),
    media_type="text/csv",
    client=False,
    summary="Get rows of the audit log of a tenant as CSV, as Frontegg's own clients do.",
)

EXPORT_CSV_V2 = attrs.evolve(EXPORT_CSV_V1, name="audits.export_csv_v2", path="/audits/export/csv/v2")

ENDPOINTS: tuple[Endpoint[object], ...] = (
    LIST,
    WRITE,
    EXPORT_CSV,
    STATS,
    METRICS,
    LIST_V1,
    EXPORT_CSV_V1,
    EXPORT_CSV_V2,
)
"""The operations of this module. No source documents their errors. The emulator returns 400 and 404."""
