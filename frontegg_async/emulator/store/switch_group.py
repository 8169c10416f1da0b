"""`SwitchGroup`: the base of the switches of a subject.

A switch decides a behaviour that no source settles, or on which the sources disagree.
"""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

import attrs

QUESTION: Final = "question"
"""The metadata key for the question that a switch decides."""

MARK: Final = "mark"
"""The metadata key for the mark of the source that shows the default of a switch: ``L`` for seen live."""

WriteBody: TypeAlias = Literal["object", "empty", "no_content"]


def write_body_question(of_what: str) -> dict[str, str]:
    """Return the metadata of a switch for the bodies of the responses to writes."""
    return {QUESTION: f"what a write of {of_what} returns: the object, an empty body, or an empty body with 204"}


@attrs.frozen(kw_only=True)
class SwitchGroup:
    """The switches of one subject. Defaults are assumptions with the mark A, unless they have another mark.

    Subclasses have neither slots nor a repr, because attrs would need a third of the import time for these.
    """
