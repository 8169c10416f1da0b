"""Models of onboarding: what each step of ``onboard()`` came to."""

from __future__ import annotations

import enum

import attrs

from frontegg_async.models.model import Model

__all__ = ["Onboarding", "OnboardingStep", "StepName", "StepOutcome"]


class StepName(enum.StrEnum):
    """What a step makes; the steps come in this order."""

    TENANT = "tenant"
    """The tenant."""
    APPLICATION = "application"
    """The assignment of an application; a step for each."""
    OWNER = "owner"
    """The owner, who is invited."""
    ROLES = "roles"
    """The roles of the owner."""


class StepOutcome(enum.StrEnum):
    """What a step came to."""

    DONE = "done"
    """This call did it."""
    PRESENT = "present"
    """There was nothing to make: it had been made before."""
    ABSENT = "absent"
    """There was nothing to take away."""
    FAILED = "failed"
    """It had no effect; ``message`` says why."""
    UNKNOWN = "unknown"
    """It may or may not have had its effect; ``message`` says why. The next call finds out."""
    NOT_TRIED = "not_tried"
    """A step before it failed."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class OnboardingStep(Model):
    """One step, and what it came to."""

    name: StepName
    """What it makes."""
    app_id: str | None = None
    """The id of the application that the step assigns; ``None`` for other steps."""
    outcome: StepOutcome = StepOutcome.NOT_TRIED
    """What it came to."""
    message: str | None = attrs.field(default=None, repr=False)
    """Why it failed, or why its outcome is unknown."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class Onboarding(Model):
    """An account with its applications and its owner, and what each step came to."""

    tenant_id: str
    """The id of the tenant. Call again with it to go on where this call ended."""
    owner_id: str | None = None
    """The id of the owner; ``None`` before the owner was invited."""
    steps: tuple[OnboardingStep, ...]
    """Every step, in order."""
