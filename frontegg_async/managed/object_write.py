"""`ObjectWrite`: the interface of a write for the checks of dangerous writes."""

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
        """The id; empty for an object that does not exist yet."""
        ...

    @property
    def creation(self) -> Mapping[str, JsonValue]:
        """The values of a creation, by flat names such as ``metadata.plan``."""
        ...

    @property
    def sets(self) -> Mapping[str, JsonValue]:
        """The values that the write sets, by flat names."""
        ...

    @property
    def is_deleted(self) -> bool:
        """Whether the object is deleted."""
        ...
