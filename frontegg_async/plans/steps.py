"""`Step` and `Draft`: the order in which the writes of a plan are sent."""

from __future__ import annotations

import enum

import attrs

from frontegg_async.plans.write import Write


class Step(enum.IntEnum):
    """The order of writes. For example, an account becomes a reseller before it gets children, and locks come late."""

    ENVIRONMENT = 0
    FIELDS = 1
    CREATION = 2
    UNLOCK = 3
    METADATA = 4
    SETTINGS = 5
    ASSIGNMENTS = 6
    OBJECTS = 7
    MOVE = 8
    NO_RESELLER = 9
    LOCK = 10
    DELETION = 11
    ENVIRONMENT_DELETION = 12


@attrs.frozen(eq=False)
class Draft:
    """A write whose generation, the position in the order of sending, is not known yet.

    Writes with the same step and index get the same generation.
    """

    step: Step
    index: int
    write: Write
