"""The calls ``onboard()`` and ``offboard()``, which consist of several steps."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Iterable
from typing import ClassVar, Final, Generic, TypeAlias, TypeVar

import attrs

from frontegg_async._core.runtime.tracebacks import shorten
from frontegg_async.errors import ConflictError, ErrorDetails, FronteggError, Outcome
from frontegg_async.models.offboarding import OffboardingStep
from frontegg_async.models.onboarding import OnboardingStep, StepOutcome

S = TypeVar("S", OnboardingStep, OffboardingStep)

Act: TypeAlias = Callable[[], Awaitable[bool]]
"""A function that executes a step, and returns whether the step changed anything."""

_NO_EFFECT: Final = frozenset({Outcome.NOT_SENT, Outcome.REFUSED})


class Steps(ABC, Generic[S]):
    """The steps of one call, and their outcomes so far."""

    found_done: ClassVar[StepOutcome]
    """The outcome of a step that found nothing to change."""

    def __init__(self) -> None:
        self._acts: list[Act] = []
        self.steps: list[S] = []

    def plan(self, steps: Iterable[tuple[S, Act]]) -> None:
        """Add steps. `take` executes them in this order.

        Args:
            steps: Each step with the function that executes the step.
        """
        for step, act in steps:
            self.steps.append(step)
            self._acts.append(act)

    async def take(self) -> None:
        """Execute the steps in order. The outcome of each step is known before the next step begins.

        Raises:
            FronteggError: A step failed. If nothing was changed, this is the error of the step, otherwise the error
                that `failed` returns.
        """
        for index, act in enumerate(self._acts):
            try:
                is_new = await act()
            except FronteggError as error:
                if error.outcome in _NO_EFFECT and all(step.outcome is self.found_done for step in self.steps[:index]):
                    shorten(error)
                    raise
                failure = self._failure(index, error)
            except asyncio.CancelledError as cancelled:
                self._settle(index, StepOutcome.UNKNOWN)
                steps = ", ".join(f"{step.name.value} {step.outcome.value}" for step in self.steps)
                cancelled.add_note(self.note(steps))
                raise
            else:
                self._settle(index, StepOutcome.DONE if is_new else self.found_done)
                continue
            raise failure

    @abstractmethod
    def failed(self, reason: str, details: ErrorDetails) -> FronteggError:
        """Return the error of a call that changed something before it failed.

        Args:
            reason: The failed step and the cause.
            details: The details of the step's error. They contain this error.
        """

    @abstractmethod
    def note(self, steps: str) -> str:
        """Return the note for a cancelled call.

        Args:
            steps: Each step and its outcome.
        """

    def _settle(self, index: int, outcome: StepOutcome, message: str | None = None) -> None:
        self.steps[index] = attrs.evolve(self.steps[index], outcome=outcome, message=message)

    def _failure(self, index: int, error: FronteggError) -> FronteggError:
        has_no_effect = error.outcome in _NO_EFFECT
        self._settle(index, StepOutcome.FAILED if has_no_effect else StepOutcome.UNKNOWN, error.message)
        name = self.steps[index].name.value
        told = "failed" if has_no_effect else "may or may not have been done"
        details = attrs.evolve(error.details, failed={name: error.fresh()})
        return self.failed(f"its step '{name}' {told}: {error.message}", details)


def conflict(message: str) -> ConflictError:
    """Return the error for a step that the SDK refuses to execute.

    Args:
        message: The reason for the refusal.
    """
    return ConflictError(message, ErrorDetails(outcome=Outcome.REFUSED))
