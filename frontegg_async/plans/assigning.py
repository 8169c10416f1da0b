"""`Assigning`: the operations that assign applications and feature plans to accounts, and unassign them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import attrs

from frontegg_async.bulk.operations.applications import ASSIGN_APPLICATION, UNASSIGN_APPLICATION
from frontegg_async.bulk.operations.plans import ASSIGN_PLAN, UNASSIGN_PLAN
from frontegg_async.snapshots.rows import APPLICATIONS, PLANS


@attrs.frozen
class Assigning:
    """The operations that write one field of accounts, which contains a list of assignments."""

    field: str
    """The name of the field, such as ``applications``."""
    noun: str
    """The noun for an assigned object in messages."""
    id_column: str
    """The column of the operations that contains the id of the assigned object."""
    name_field: str
    """The field of `Write` that contains the name of the assigned object."""
    assign: str
    """The name of the operation that assigns."""
    unassign: str
    """The name of the operation that unassigns."""


_ALL: Final = (
    Assigning(APPLICATIONS, "application", "app_id", "application", ASSIGN_APPLICATION.name, UNASSIGN_APPLICATION.name),
    Assigning(PLANS, "feature plan", "plan_id", "feature_plan", ASSIGN_PLAN.name, UNASSIGN_PLAN.name),
)

ASSIGNING: Final[Mapping[str, Assigning]] = MappingProxyType({each.field: each for each in _ALL})
"""All objects of the class, by the field of accounts."""

BY_OPERATION: Final[Mapping[str, Assigning]] = MappingProxyType(
    {operation: each for each in _ALL for operation in (each.assign, each.unassign)}
)
"""All objects of the class, by the names of their operations."""
