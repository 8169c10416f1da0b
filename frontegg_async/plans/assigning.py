"""`Assigning`: how plans assign applications and feature plans to accounts, and take them away."""

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
    """The operations of a field of accounts that names what is assigned to them."""

    field: str
    """The field."""
    noun: str
    """The word for what is assigned."""
    id_column: str
    """The column of the operations that has the id."""
    name_field: str
    """The field of writes that has the name."""
    assign: str
    """The operation that assigns."""
    unassign: str
    """The operation that takes away."""


_ALL: Final = (
    Assigning(APPLICATIONS, "application", "app_id", "application", ASSIGN_APPLICATION.name, UNASSIGN_APPLICATION.name),
    Assigning(PLANS, "feature plan", "plan_id", "feature_plan", ASSIGN_PLAN.name, UNASSIGN_PLAN.name),
)

ASSIGNING: Final[Mapping[str, Assigning]] = MappingProxyType({each.field: each for each in _ALL})
"""By the fields of accounts."""

BY_OPERATION: Final[Mapping[str, Assigning]] = MappingProxyType(
    {operation: each for each in _ALL for operation in (each.assign, each.unassign)}
)
"""By the operations."""
