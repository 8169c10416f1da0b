"""The metadata key of a switch that has the question which the switch decides."""

from __future__ import annotations

from typing import Final

QUESTION: Final = "question"
