"""`Question`: a point on which the sources disagree or say nothing. Its answer sets a switch of the emulator."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

import attrs

Value: TypeAlias = str | int
"""A value of a switch."""


@attrs.frozen
class Found:
    """The answer to a question.

    Args:
        value: The value of the switch that makes the emulator behave like the service; ``None`` if no value does.
        words: The answer in words, without data; empty for the default answer.
    """

    value: Value | None
    words: str = ""


@attrs.frozen(kw_only=True)
class Question:
    """A question about a behaviour on which the sources disagree or say nothing.

    Args:
        text: The question.
        switch: The switch of the emulator that the answer sets.
        answers: The answers in words by the values of the switch, the default answer first.
    """

    text: str
    switch: str
    answers: Mapping[Value, str]

    @property
    def expected(self) -> str:
        """The default answer of the emulator."""
        return next(iter(self.answers.values()))

    def found(self, answer: Value | Found) -> Found:
        """Return an answer, with words unless it is the default answer."""
        if isinstance(answer, Found):
            return answer
        words = self.answers[answer]
        return Found(answer, "" if words == self.expected else words)
