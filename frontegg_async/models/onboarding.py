"""Models of onboarding: the outcome of each step of ``onboard()``."""

from __future__ import annotations

import enum

import attrs

from frontegg_async.models.model import Model

__all__ = ["Onboarding", "OnboardingStep", "StepName", "StepOutcome"]


class StepName(enum.StrEnum):
    """The steps of onboarding, in their order."""

    TENANT = "tenant"
    """The creation of the tenant."""
    APPLICATION = "application"
    """The assignment of an application; one step per application."""
    OWNER = "owner"
    """The invitation of the owner."""
    ROLES = "roles"
    """The assignment of roles to the owner."""


class StepOutcome(enum.StrEnum):
    """The outcomes of a step."""

    DONE = "done"
    """This call carried out the step."""
    PRESENT = "present"
    """The step was not necessary: its result existed before."""
    ABSENT = "absent"
    """The step was not necessary: there was nothing to remove."""
    FAILED = "failed"
    """The step had no effect; ``message`` says why."""
    UNKNOWN = "unknown"
    """It is unknown whether the step had an effect; ``message`` says why.

    The next call of the same method finds out.
    """
    NOT_TRIED = "not_tried"
    """The step was not tried, since a step before it failed."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class OnboardingStep(Model):
    """One step of onboarding, and its outcome."""

    name: StepName
    """The name of the step, which says what the step creates."""
    app_id: str | None = None
    """The id of the application that the step assigns; ``None`` for other steps."""
    outcome: StepOutcome = StepOutcome.NOT_TRIED
    """The outcome of the step."""
    message: str | None = attrs.field(default=None, repr=False)
    """The reason of the failure, or of the unknown outcome."""


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class Onboarding(Model):
    """The result of ``onboard()``: an account with its applications and its owner, and the outcome of each step."""

    tenant_id: str
    """The id of the tenant. To continue an onboarding that failed, call ``onboard()`` again with this id."""
    owner_id: str | None = None
    """The id of the owner; ``None`` before the owner is invited."""
    steps: tuple[OnboardingStep, ...]
    """All steps, in order."""
