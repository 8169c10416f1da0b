"""Requests with the status that each must get, for the tests of the OpenAPI document."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs


@attrs.frozen(kw_only=True)
class Case:
    """A request and the status that it has to get.

    ``token`` is ``vendor``, ``user``, ``member`` (a user of the seed), ``bare`` (a user without permissions),
    ``orphan`` (one whose tenant is no more) or ``none``; ``limited`` is whether a rate limit says when it ends;
    ``fault_status`` is what a fault answers in the place of the operation.
    """

    name: str
    status: int
    fields: tuple[str, ...] = ()
    query: tuple[tuple[str, str], ...] = ()
    body: object = None
    token: str = "vendor"
    headers: Mapping[str, str] = attrs.field(factory=dict)
    switches: Mapping[str, str | int] = attrs.field(factory=dict)
    limited: bool | None = None
    fault_status: int | None = None

    def __str__(self) -> str:
        return f"{self.name}-{self.status}"


def case(name: str, status: int, *fields: str, **given: Any) -> Case:
    """Return a case."""
    return Case(name=name, status=status, fields=fields, **given)
