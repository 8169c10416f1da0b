"""`SwitchGroup`: the base class of the switches of one subject, such as tenants or users.

A switch chooses how the emulator behaves where no source documents the service, or where the sources disagree.
"""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

import attrs

QUESTION: Final = "question"
"""The metadata key for the question that the switch answers."""

MARK: Final = "mark"
"""The metadata key for the evidence of a default. ``L``: the service was seen to behave so. ``A``: assumed."""

WriteBody: TypeAlias = Literal["object", "empty", "no_content"]


def write_body_question(of_what: str) -> dict[str, str]:
    """Return the metadata of a switch that chooses the bodies of responses to writes."""
    return {QUESTION: f"what a write of {of_what} returns: the object, an empty body, or an empty body with 204"}


@attrs.frozen(kw_only=True)
class SwitchGroup:
    """The switches of one subject. Their defaults have the mark ``A`` (assumed) unless another mark is given.

    Subclasses have neither slots nor a repr, because attrs would need a third of the import time for slots and reprs.
    """
