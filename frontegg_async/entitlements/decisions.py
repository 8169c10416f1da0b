"""Decisions on entitlements: whether a user or account may use a feature, and the reason if not."""

from __future__ import annotations

import enum

import attrs

from frontegg_async._values.value import Value


class DecisionReason(enum.StrEnum):
    """Why a user or account is not entitled."""

    MISSING_FEATURE = "missing_feature"
    """No plan, rule or flag grants the feature."""
    BUNDLE_EXPIRED = "bundle_expired"
    """A plan with the feature was assigned, but the assignment has expired."""
    MISSING_PERMISSION = "missing_permission"
    """The user does not hold the permission."""


@attrs.frozen(eq=False, repr=False)
class Decision(Value):
    """Whether a user or account may use a feature."""

    is_entitled: bool
    """Whether the user or account may use the feature."""
    reason: DecisionReason | None = None
    """The reason for a refusal. ``None`` if the user or account is entitled."""
