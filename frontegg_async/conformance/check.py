"""`Check`: a behaviour of the service, with the coroutine that checks it."""

from __future__ import annotations

import enum
from collections.abc import Awaitable, Callable, Mapping
from typing import TypeAlias

import attrs

from frontegg_async.conformance.probe import Probe
from frontegg_async.conformance.question import Found, Question, Value
from frontegg_async.endpoints import Evidence

Difference: TypeAlias = str | None
"""A description of how the service differs, without data such as ids and names; ``None`` if the behaviour holds."""

Look: TypeAlias = Callable[[Probe], Awaitable[Difference | Found]]
"""A coroutine function that checks a behaviour, or finds the answer to a question."""

Ask: TypeAlias = Callable[[Probe], Awaitable[Value | Found]]
"""A coroutine function that finds the answer to a question: the value of a switch."""


class CheckStatus(enum.Enum):
    """The outcome of a check."""

    HELD = "held"
    DIFFERS = "differs"
    NOT_TRIED = "not tried"


@attrs.frozen(kw_only=True)
class Check:
    """A behaviour of the service, and the function that checks it."""

    topic: str
    """The subject under which the report lists the check, such as ``accounts``."""
    name: str
    """A sentence that is true if the behaviour holds."""
    evidence: Evidence
    """The evidence of the behaviour."""
    writes: bool
    """Whether the check writes. A check that writes runs only with ``--write``, on accounts of the kit."""
    switches: tuple[str, ...] = ()
    """The switches of the emulator that change the behaviour."""
    run: Look | None = None
    """The function that checks the behaviour; ``None`` if the kit does not try the behaviour."""
    untried: str = ""
    """The reason why the kit does not try the behaviour; empty if the kit tries the behaviour."""
    question: Question | None = None
    """The question that the check answers, if any.

    The name of the check then contains the emulator's default answer.
    """


@attrs.frozen
class Result:
    """The result of a check."""

    check: Check
    status: CheckStatus
    how: str = ""
    """A description of how the service differs, or the reason why the check was not tried."""
    value: Value | None = None
    """The value of the question's switch that matches the answer; ``None`` if no value matches."""

    @property
    def answer(self) -> str:
        """The answer to the question in words, or the reason why there is no answer."""
        if self.status is CheckStatus.NOT_TRIED:
            return f"not tried: {self.how}"
        return self.how or (self.check.question.expected if self.check.question is not None else self.check.name)


class Topic:
    """The checks of one subject, in the order in which they run.

    Args:
        name: The subject, as the report shows it.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.checks: list[Check] = []

    def check(self, name: str, evidence: Evidence, *switches: str, writes: bool = False) -> Callable[[Look], Look]:
        """Return a decorator that adds a check.

        Args:
            name: A sentence that is true if the behaviour holds.
            evidence: The evidence of the behaviour.
            switches: The switches of the emulator that change the behaviour.
            writes: Whether the check writes.
        """

        def add(run: Look) -> Look:
            self.checks.append(
                Check(
                    topic=self.name,
                    name=name,
                    evidence=evidence,
                    writes=writes,
                    switches=switches,
                    run=run,
                )
            )
            return run

        return add

    def ask(
        self, text: str, evidence: Evidence, switch: str, answers: Mapping[Value, str], *, writes: bool = False
    ) -> Callable[[Ask], Ask]:
        """Return a decorator that adds a question.

        Args:
            text: The question.
            evidence: The evidence of the default answer.
            switch: The switch of the emulator that the answer sets.
            answers: The answers in words by the values of the switch, the default answer first.
            writes: Whether the check writes.
        """
        question = Question(text=text, switch=switch, answers=answers)

        def add(ask: Ask) -> Ask:
            async def run(probe: Probe) -> Found:
                return question.found(await ask(probe))

            self.checks.append(
                Check(
                    topic=self.name,
                    name=f"{question.text} {question.expected}",
                    evidence=evidence,
                    writes=writes,
                    switches=(switch,),
                    run=run,
                    question=question,
                )
            )
            return ask

        return add

    def untried(self, name: str, evidence: Evidence, *switches: str, why: str) -> None:
        """Add a behaviour that the kit does not try.

        Args:
            name: A sentence that is true if the behaviour holds.
            evidence: The evidence of the behaviour.
            switches: The switches of the emulator that change the behaviour.
            why: The reason why the kit does not try the behaviour.
        """
        self.checks.append(
            Check(topic=self.name, name=name, evidence=evidence, writes=False, switches=switches, untried=why)
        )
