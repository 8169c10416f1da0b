"""The rows of a snapshot: the fields of an account, and the fields of included parts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeAlias, cast

import attrs

from frontegg_async._values.json_values import JsonValue
from frontegg_async.errors import InvalidArgumentError
from frontegg_async.managed.registry import ACCOUNT
from frontegg_async.models.exports import IncludeLiteral
from frontegg_async.models.tenants import Tenant

FORMAT: Final = "frontegg-accounts/1"
"""The version of the format, which each row contains."""

INCLUDES: Final = cast("Sequence[IncludeLiteral]", ("settings", "applications", "plans", *ACCOUNT, "api-tokens"))
"""The parts that a snapshot can include beside the accounts."""

Row: TypeAlias = dict[str, JsonValue]
"""An account in a snapshot: a dict of the names and values of fields."""

SortedRow: TypeAlias = tuple[str, bytes]
"""The id of an account and the `sorted_json` of its row, for streams that are sorted by id."""

PARENT: Final = "parent_tenant_id"
APPLICATIONS: Final = "applications"
PLANS: Final = "plans"
ASSIGNED: Final = frozenset({APPLICATIONS, PLANS})
"""The fields with the names of objects that are assigned to an account."""
NOT_MANAGED: Final = "not_managed"
"""The field with the ids of objects whose key is invalid or is the key of several objects.

``frontegg plan`` never writes them.
"""
FIELDS: Final = tuple(
    sorted(["format", PARENT, *(field.name for field in attrs.fields(cast("type[attrs.AttrsInstance]", Tenant)))])
)
"""The fields that each row contains."""

JSON_FIELDS: Final = frozenset({"metadata", "extra", "settings", *ASSIGNED, "api_tokens", NOT_MANAGED, *ACCOUNT})
"""The fields whose values are objects or lists. In a CSV file, the cells of these fields contain JSON text."""


def field_of(include: IncludeLiteral) -> str:
    """Return the name of the field for an included part."""
    return include.replace("-", "_")


def fields_of(included: Sequence[IncludeLiteral]) -> list[str]:
    """Return the names of the fields that rows can contain for the included parts."""
    others = [NOT_MANAGED] if ACCOUNT.keys() & {*included} else []
    return [*map(field_of, included), *others]


def check_include(include: object) -> tuple[IncludeLiteral, ...]:
    """Check the included parts, and return them without duplicates in a fixed order.

    Raises:
        InvalidArgumentError: The value is not a collection of names, or a name is unknown.
    """
    if isinstance(include, str) or not isinstance(include, Sequence | set | frozenset):
        raise InvalidArgumentError("include must be a collection of names, such as ('settings', 'sso')")
    given = cast("Sequence[object]", include)
    names = [name.replace("_", "-") if isinstance(name, str) else name for name in given]
    for wrong, name in zip(given, names, strict=True):
        if name not in INCLUDES:
            raise InvalidArgumentError(f"include must have names among {', '.join(INCLUDES)}; {wrong!r} is unknown")
    return tuple(name for name in INCLUDES if name in names)
