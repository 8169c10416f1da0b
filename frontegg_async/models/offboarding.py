"""Models of offboarding: the outcome of each step of ``offboard()``."""

from __future__ import annotations

import enum

import attrs

from frontegg_async.models.model import Model
from frontegg_async.models.onboarding import StepOutcome

__all__ = ["Offboarding", "OffboardingStep", "OffboardingStepName"]


class OffboardingStepName(enum.StrEnum):
    """The steps of offboarding, in their order."""

    SESSIONS = "sessions"
    """The end of the user's sessions."""
    API_TOKEN = "api_token"  # noqa: S105 - the name of a step
    """The deletion of an API token of the user in the tenant; one step per token."""
    ACCESS_TOKEN = "access_token"  # noqa: S105 - the name of a step
    """The deletion of an access token of the user in the tenant; one step per token."""
    ROLES = "roles"
    """The removal of the user's roles in the tenant."""
    MEMBERSHIP = "membership"
    """The removal of the user from the tenant."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class OffboardingStep(Model):
    """One step of offboarding, and its outcome."""

    name: OffboardingStepName
    """The name of the step, which says what the step removes."""
    token_id: str | None = None
    """The id of the token that the step deletes; ``None`` for other steps, and if the user has no such token."""
    outcome: StepOutcome = StepOutcome.NOT_TRIED
    """The outcome of the step."""
    message: str | None = attrs.field(default=None, repr=False)
    """The reason of the failure, or of the unknown outcome."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class Offboarding(Model):
    """The result of ``offboard()``: the user who leaves a tenant, and the outcome of each step."""

    user_id: str
    """The id of the user."""
    tenant_id: str
    """The id of the tenant."""
    steps: tuple[OffboardingStep, ...]
    """All steps, in order."""
