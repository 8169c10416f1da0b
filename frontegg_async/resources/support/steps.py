"""Calls of several steps, ``onboard()`` and ``offboard()``: each step is settled before the next one begins."""

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
"""Takes a step. Returns whether the step changed anything."""

_NO_EFFECT: Final = frozenset({Outcome.NOT_SENT, Outcome.REFUSED})


class Steps(ABC, Generic[S]):
    """The steps of one call, and their outcomes so far."""

    found_done: ClassVar[StepOutcome]
    """The outcome of a step that finds nothing to do."""

    def __init__(self) -> None:
        self._acts: list[Act] = []
        self.steps: list[S] = []

    def plan(self, steps: Iterable[tuple[S, Act]]) -> None:
        """Add steps. `take` takes them in this order.

        Args:
            steps: Each step with the function that takes it.
        """
        for step, act in steps:
            self.steps.append(step)
            self._acts.append(act)

    async def take(self) -> None:
        """Take the steps in order. Each step is settled before the next one begins.

        Raises:
            FronteggError: A step failed. This is the step's own error if nothing was changed, otherwise the error of
                `failed`.
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
            details: The details of the step's error, including the error itself.
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
    """Return an error for a step that the SDK refuses.

    Args:
        message: The reason.
    """
    return ConflictError(message, ErrorDetails(outcome=Outcome.REFUSED))
