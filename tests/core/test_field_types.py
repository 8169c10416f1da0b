"""Annotations that are evaluated once for each text are those that typing evaluates one by one."""

from __future__ import annotations

from typing import Annotated, ClassVar, get_type_hints

import pytest

from frontegg_async._values.fields import field_types
from frontegg_async.models.page import Page
from frontegg_async.models.response import Response
from frontegg_async.models.tenants import Tenant


class _Base:
    most: ClassVar[int] = 1
    first: str | None
    second: str | None


class _Nested(_Base):
    class Part:
        """A class that only the body of its owner can name."""

    first: Part | None  # type: ignore[assignment]  # an annotation that replaces an inherited one
    third: Annotated[str | None, 1]


_Evaluated = type("_Evaluated", (_Base,), {"__annotations__": {"fourth": int, "fifth": "int", "sixth": None}})


@pytest.mark.parametrize("kind", [Tenant, Page, Response, _Nested, _Evaluated, object])
def test_annotations(kind: type) -> None:
    """Of models and of the classes of others: inherited, replaced, nested, with extras, and no text at all."""
    assert field_types(kind) == get_type_hints(kind)
    assert list(field_types(kind)) == list(get_type_hints(kind))
