"""The stored forms of features, feature plans, feature flags and plan assignments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, TypeAlias

import msgspec

from frontegg_async.emulator.checks.nesting import is_too_deep
from frontegg_async.emulator.store.table_row import Find, TableRow

Treatment: TypeAlias = Literal["true", "false"]

_SEEDED: Final = "2026-01-01T00:00:00.000Z"
"""The time of a row whose seed contains no time."""


TargetingRules: TypeAlias = tuple[dict[str, object], ...]
"""The targeting rules of a plan or a feature flag, which select users and accounts. They are stored unchanged."""


class _Row(TableRow, rename="camel", kw_only=True, frozen=True, forbid_unknown_fields=True):
    """A row with the times at which it was created and changed."""

    created_at: str = _SEEDED
    updated_at: str = _SEEDED

    def moments(self) -> tuple[str, ...]:
        """Return the times in the row, so that their format can be checked."""
        return (self.created_at, self.updated_at)


class FeatureRow(_Row, rename="camel", kw_only=True, frozen=True, forbid_unknown_fields=True):
    """A feature. ``permissions`` are the keys of the permissions that users have only if they have the feature."""

    key: str
    name: str = ""
    description: str | None = None
    permissions: tuple[str, ...] = ()
    metadata: dict[str, object] = msgspec.field(default_factory=dict[str, object])

    def problem(self, find: Find) -> str | None:
        """Return an error if the metadata is nested too deeply."""
        del find
        return "the metadata is nested too deeply" if is_too_deep(self.metadata) else None


class PlanRow(_Row, rename="camel", kw_only=True, frozen=True, forbid_unknown_fields=True):
    """A feature plan: a bundle of features, and rules that enable the features without an assignment."""

    name: str
    default_treatment: Treatment = "false"
    rules: TargetingRules = ()
    feature_ids: tuple[str, ...] = ()
    description: str | None = None
    metadata: dict[str, object] = msgspec.field(default_factory=dict[str, object])
    default_time_limitation: int | float | None = None
    assign_on_signup: bool = False

    def problem(self, find: Find) -> str | None:
        """Return an error if a feature does not exist, or a value is nested too deeply."""
        for feature_id in self.feature_ids:
            if find(FeatureRow, feature_id) is None:
                return f"feature {feature_id!r} does not exist"
        return "the metadata is nested too deeply" if is_too_deep(self.metadata) else _problem_of(self.rules)


class FeatureFlagRow(_Row, rename="camel", kw_only=True, frozen=True, forbid_unknown_fields=True):
    """A feature flag: rules that enable or disable a feature without an assignment."""

    feature_id: str
    name: str = ""
    on: bool = True
    default_treatment: Treatment = "false"
    off_treatment: Treatment = "false"
    rules: TargetingRules = ()
    description: str | None = None
    metadata: dict[str, object] = msgspec.field(default_factory=dict[str, object])

    def problem(self, find: Find) -> str | None:
        """Return an error if the feature of the flag does not exist, or a value is nested too deeply."""
        if find(FeatureRow, self.feature_id) is None:
            return f"feature {self.feature_id!r} does not exist"
        return "the metadata is nested too deeply" if is_too_deep(self.metadata) else _problem_of(self.rules)


class PlanAssignmentRow(_Row, rename="camel", kw_only=True, frozen=True, forbid_unknown_fields=True):
    """An assignment of a plan to a tenant or to a user of the tenant. It never ends without ``expiration_date``."""

    plan_id: str
    user_id: str | None = None
    expiration_date: str | None = None

    def moments(self) -> tuple[str, ...]:
        """Return the times in the row, so that their format can be checked."""
        times = (self.created_at, self.updated_at)
        return times if self.expiration_date is None else (*times, self.expiration_date)

    def problem(self, find: Find) -> str | None:
        """Return an error if the assignment has no tenant, or if the plan does not exist."""
        if not self.tenant_id:
            return "the tenantId is missing"
        return None if find(PlanRow, self.plan_id) is not None else f"plan {self.plan_id!r} does not exist"


def _problem_of(rules: TargetingRules) -> str | None:
    return "the rules are nested too deeply" if is_too_deep(list(rules)) else None


TABLES: Final[Mapping[str, type[TableRow]]] = {
    "features": FeatureRow,
    "plans": PlanRow,
    "featureFlags": FeatureFlagRow,
    "planAssignments": PlanAssignmentRow,
}
