"""What the fields of behaviours carry: the question that a switch answers."""

from __future__ import annotations

from typing import Final

QUESTION: Final = "question"
