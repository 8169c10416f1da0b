"""Decisions on entitlements: whether somebody may use a feature, and why not."""

from __future__ import annotations

import enum

import attrs

from frontegg_async._values.value import Value


class DecisionReason(enum.StrEnum):
    """Why somebody is not entitled."""

    MISSING_FEATURE = "missing_feature"
    """No plan, rule or flag gives the feature."""
    BUNDLE_EXPIRED = "bundle_expired"
    """A plan with the feature was assigned, and has expired."""
    MISSING_PERMISSION = "missing_permission"
    """The caller does not hold the permission."""


@attrs.frozen(eq=False, repr=False)
class Decision(Value):
    """Whether somebody may use a feature."""

    is_entitled: bool
    """Whether it is so."""
    reason: DecisionReason | None = None
    """Why not; ``None`` for somebody who is entitled."""
