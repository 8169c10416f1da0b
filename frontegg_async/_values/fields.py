"""What the fields of a model carry beside their type: the name on the wire and how they may be shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Protocol, Self, get_args, get_origin, runtime_checkable

import attrs

WIRE_NAME: Final = "frontegg_async.wire_name"
"""The key in an attrs field's metadata that holds a name on the wire which is not the camel case of the field's."""

READ: Final = "frontegg_async.read"
"""The key in an attrs field's metadata that holds a function, which puts a value of the wire in the field's form."""

MAY_BE_EMPTY: Final = "frontegg_async.may_be_empty"
"""The key in the metadata of a write model's field with ids, when to give none of them has a meaning."""

EXTRA: Final = "extra"
"""The field that keeps what a model does not know."""

STRICT: Final = "frontegg_async.strict"
"""The key in an attrs field's metadata that says that a value of another type makes the whole response unreadable.

Other fields with a default are lenient in a model with ``extra``: they get the default, and ``extra`` the value.
"""

EXPECTED: Final = "frontegg_async.expected"
"""The key in an attrs field's metadata that says that ``extra`` tells when the service gave null, or nothing at all."""

OTHER_NAME: Final = "frontegg_async.other_name"
"""The key in an attrs field's metadata that holds a second name on the wire, which counts where the first has none."""

NOT_GIVEN: Final = ""
"""What ``extra`` has under the name of an expected text that is missing; under that of one that is null it has None.

A text that was given is never there, so the two cannot be taken for it.
"""

NEVER_KEPT: Final = frozenset({"jwtSecret", "secret"})
"""Names on the wire of secrets that no model keeps, not even among what it does not know."""


@runtime_checkable
class FromResponse(Protocol):
    """A model that reads its responses itself, because they come in several forms."""

    @classmethod
    def from_response(cls, value: object) -> Self | None:
        """Return what a response says, or ``None`` if it says nothing.

        Args:
            value: The response, parsed; text that is not JSON as it is.
        """
        ...


def wire_name(field: attrs.Attribute[object]) -> str:
    """Return the name of a model's field on the wire."""
    given = field.metadata.get(WIRE_NAME)
    if isinstance(given, str):
        return given
    head, *tail = field.name.split("_")
    return head + "".join(word.capitalize() for word in tail)


SECURITY_NAMES: Final = frozenset(
    {"tenantId", "token", "expiresIn", "accessToken", "refreshToken", "access_token", "refresh_token", "expires_in"}
)
"""Names on the wire of what decides whose a response is, and of credentials: never read leniently, nor given twice."""


def has_extra(model: type[attrs.AttrsInstance]) -> bool:
    """Return whether a model keeps what it does not know."""
    return any(field.name == EXTRA for field in attrs.fields(model))


def lenient_fields(model: type[attrs.AttrsInstance]) -> frozenset[str]:
    """Return the fields of a model that get their default where their value has another type.

    A model without ``extra`` has none: what it cannot read would be lost. A field without a default is relied upon.
    """
    if not has_extra(model):
        return frozenset()
    return frozenset(
        field.name
        for field in attrs.fields(model)
        if field.default is not attrs.NOTHING
        and field.name != EXTRA
        and STRICT not in field.metadata
        and wire_name(field) not in SECURITY_NAMES
    )


def holds_json(hint: object) -> bool:
    """Return whether a field with this annotation holds any JSON value or a mapping of them."""
    return any(get_origin(kind) is Mapping for kind in (hint, *get_args(hint)))
