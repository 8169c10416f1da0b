"""The operations of bulk work, each declared in one place."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from frontegg_async.bulk.operation import Operation
from frontegg_async.bulk.operations.account_settings import ACCOUNT_SETTINGS
from frontegg_async.bulk.operations.applications import ASSIGN_APPLICATION, UNASSIGN_APPLICATION
from frontegg_async.bulk.operations.hierarchy import ASSIGN, MOVE
from frontegg_async.bulk.operations.metadata import ADD_METADATA, DELETE_METADATA
from frontegg_async.bulk.operations.objects import CREATE_OBJECT, DELETE_OBJECT, UPDATE_OBJECT
from frontegg_async.bulk.operations.plans import ASSIGN_PLAN, UNASSIGN_PLAN
from frontegg_async.bulk.operations.tenants import CREATE, DELETE, LOCK, UNLOCK, UPDATE
from frontegg_async.bulk.operations.users import (
    ADD_TO_TENANT,
    ASSIGN_ROLES,
    INVITE,
    REMOVE_FROM_TENANT,
    UNASSIGN_ROLES,
)

_ALL: Final = (
    CREATE,
    UPDATE,
    ADD_METADATA,
    DELETE_METADATA,
    DELETE,
    LOCK,
    UNLOCK,
    ASSIGN,
    ACCOUNT_SETTINGS,
    ASSIGN_PLAN,
    INVITE,
    ADD_TO_TENANT,
    REMOVE_FROM_TENANT,
    ASSIGN_ROLES,
    UNASSIGN_ROLES,
    MOVE,
    ASSIGN_APPLICATION,
    UNASSIGN_APPLICATION,
    UNASSIGN_PLAN,
    CREATE_OBJECT,
    UPDATE_OBJECT,
    DELETE_OBJECT,
)

OPERATIONS: Final[Mapping[str, Operation]] = MappingProxyType({operation.name: operation for operation in _ALL})
"""All operations, by name."""

JOB_OPERATIONS: Final[Mapping[str, Operation]] = MappingProxyType(
    {operation.name: operation for operation in _ALL if operation.is_method}
)
"""The operations that have a method of ``frontegg.bulk``, by name."""
