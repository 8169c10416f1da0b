"""`ObjectWrite`: a write of one object, for the rules about dangerous writes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from frontegg_async._values.json_values import JsonValue


class ObjectWrite(Protocol):
    """A write of one object: a change of a plan, or a row of a job."""

    @property
    def key(self) -> str:
        """The natural key."""
        ...

    @property
    def object_id(self) -> str:
        """The id; empty for an object that has none yet."""
        ...

    @property
    def creation(self) -> Mapping[str, JsonValue]:
        """The values that the object is created with, by flat names."""
        ...

    @property
    def sets(self) -> Mapping[str, JsonValue]:
        """The values that are set, by flat names."""
        ...

    @property
    def is_deleted(self) -> bool:
        """Whether the object is deleted."""
        ...
