"""Models of offboarding: what each step of ``offboard()`` came to."""

from __future__ import annotations

import enum

import attrs

from frontegg_async.models.model import Model
from frontegg_async.models.onboarding import StepOutcome

__all__ = ["Offboarding", "OffboardingStep", "OffboardingStepName"]


class OffboardingStepName(enum.StrEnum):
    """What a step takes away; the steps come in this order."""

    SESSIONS = "sessions"
    """The sessions of the user."""
    API_TOKEN = "api_token"  # noqa: S105 - the name of a step
    """An API token of the user in the tenant; a step for each."""
    ACCESS_TOKEN = "access_token"  # noqa: S105 - the name of a step
    """An access token of the user in the tenant; a step for each."""
    ROLES = "roles"
    """The roles of the user in the tenant."""
    MEMBERSHIP = "membership"
    """The membership of the user in the tenant."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class OffboardingStep(Model):
    """One step, and what it came to."""

    name: OffboardingStepName
    """What it takes away."""
    token_id: str | None = None
    """The id of the token that the step deletes; ``None`` for other steps, and if the user has no such token."""
    outcome: StepOutcome = StepOutcome.NOT_TRIED
    """What it came to."""
    message: str | None = attrs.field(default=None, repr=False)
    """Why it failed, or why its outcome is unknown."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class Offboarding(Model):
    """A user who leaves a tenant, and what each step came to."""

    user_id: str
    """The id of the user."""
    tenant_id: str
    """The id of the tenant."""
    steps: tuple[OffboardingStep, ...]
    """Every step, in order."""
