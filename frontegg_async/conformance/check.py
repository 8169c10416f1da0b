"""`Check`: a behaviour of the service as data, with the coroutine that looks for it."""

from __future__ import annotations

import enum
from collections.abc import Awaitable, Callable, Mapping
from typing import TypeAlias

import attrs

from frontegg_async.conformance.probe import Probe
from frontegg_async.conformance.question import Found, Question, Value
from frontegg_async.endpoints import Evidence

Difference: TypeAlias = str | None
"""How the service differs, in words without ids, names and other data; ``None`` if the behaviour holds."""

Look: TypeAlias = Callable[[Probe], Awaitable[Difference | Found]]
"""A function that looks for a behaviour, or for the answer to a question."""

Ask: TypeAlias = Callable[[Probe], Awaitable[Value | Found]]
"""A function that looks for the answer to a question: the value of its switch."""


class CheckStatus(enum.Enum):
    """The outcome of a check."""

    HELD = "held"
    DIFFERS = "differs"
    NOT_TRIED = "not tried"


@attrs.frozen(kw_only=True)
class Check:
    """A behaviour of the service, and how to look for it."""

    topic: str
    """What it is about, as the report groups it: ``accounts``."""
    name: str
    """The behaviour in plain words, as the contract has it: a sentence that is true if it holds."""
    evidence: Evidence
    """The evidence of the behaviour."""
    writes: bool
    """Whether it changes anything; such a check runs with ``--write`` only, on accounts of the kit."""
    switches: tuple[str, ...] = ()
    """The switches of the emulator that make it answer in another way."""
    run: Look | None = None
    """The function that looks; ``None`` for a behaviour that the kit does not try."""
    untried: str = ""
    """Why the kit does not try it."""
    question: Question | None = None
    """The disputed point that it decides: the name has the answer that the emulator gives by default, too."""


@attrs.frozen
class Result:
    """The result of a check."""

    check: Check
    status: CheckStatus
    how: str = ""
    """How it differs, or why it was not tried."""
    value: Value | None = None
    """The value of the switch of a question that its answer sets; ``None`` if no value of the switch is the answer."""

    @property
    def answer(self) -> str:
        """The answer to a question in words, or why there is none."""
        if self.status is CheckStatus.NOT_TRIED:
            return f"not tried: {self.how}"
        return self.how or (self.check.question.expected if self.check.question is not None else self.check.name)


class Topic:
    """The checks of a subject, in the order in which they run.

    Args:
        name: The subject, as the report groups it.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.checks: list[Check] = []

    def check(self, name: str, evidence: Evidence, *switches: str, writes: bool = False) -> Callable[[Look], Look]:
        """Return a decorator which adds a check.

        Args:
            name: The behaviour in plain words.
            evidence: The evidence of the behaviour.
            switches: The switches of the emulator that decide it.
            writes: Whether it changes anything.
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
        """Return a decorator which adds a question.

        Args:
            text: The question.
            evidence: The evidence of the default answer.
            switch: The switch of the emulator that the answer sets.
            answers: The answers in plain words by the values of the switch, the default one first.
            writes: Whether it changes anything.
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
            name: The behaviour in plain words.
            evidence: How it is known.
            switches: The switches of the emulator that decide it.
            why: The reason, in plain words.
        """
        self.checks.append(
            Check(topic=self.name, name=name, evidence=evidence, writes=False, switches=switches, untried=why)
        )
