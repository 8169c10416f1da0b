"""Metadata of model fields: the names of the fields in JSON, and the strictness of their decoding."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Final, Protocol, Self, get_args, get_origin, get_type_hints, runtime_checkable

import attrs

WIRE_NAME: Final = "frontegg_async.wire_name"
"""Metadata key of an attrs field: the name of the field in JSON, if it differs from the camel-case name."""

EXPIRES_AT: Final = {WIRE_NAME: "expires"}
"""Metadata of the field ``expires_at`` for models whose JSON has the name ``expires``."""

READ: Final = "frontegg_async.read"
"""Metadata key of an attrs field: a function that converts the JSON value."""


def _none_is_empty(value: object) -> object:
    return () if value is None else value


NONE_IS_EMPTY: Final = {READ: _none_is_empty}
"""Metadata of an array field that becomes empty if the JSON value is null."""

MAY_BE_EMPTY: Final = "frontegg_async.may_be_empty"
"""Metadata key of an id field in a write model: the field accepts an empty sequence."""

BARE: Final = "frontegg_async.bare"
"""Metadata key of the only field of a write model: the body is a JSON array of its items, without an object."""

OTHERS: Final = "frontegg_async.others"
"""Metadata key of a mapping field in a write model: its members are sent next to the other fields."""

WRITABLE: Final = "frontegg_async.writable"
"""Metadata key of a field of `Tenant` that can be written when a tenant is created or updated.

`TenantCreate`, `TenantUpdate` and the emulator's rows are generated from these fields.
"""

EXTRA: Final = "extra"
"""The name of the field that keeps unknown fields and values of an unexpected type."""

STRICT: Final = "frontegg_async.strict"
"""Metadata key of an attrs field: a value of another type makes the whole response invalid.

If the model has ``extra``, other fields with a default accept such a value: the field gets the default, and ``extra``
keeps the value.
"""

EXPECTED: Final = "frontegg_async.expected"
"""Metadata key of an attrs field: ``extra`` records whether the value was null or missing."""

OTHER_NAME: Final = "frontegg_async.other_name"
"""Metadata key of an attrs field: a second name in JSON, which is used if the first name has no value."""

NOT_GIVEN: Final = ""
"""The value in ``extra`` for an expected text that is missing; for a null text, the value is ``None``.

If the text was present, ``extra`` has no entry. So an empty text in the response differs from a missing text.
"""

NEVER_KEPT: Final = frozenset({"jwtSecret", "secret"})
"""JSON names of secrets that no model keeps, not even in ``extra``."""


@runtime_checkable
class FromResponse(Protocol):
    """A model that parses responses itself, because the responses have several forms."""

    @classmethod
    def _from_response(cls, value: object) -> Self | None:
        """Return the object that a response contains, or ``None`` if the response contains no such object.

        Args:
            value: The parsed body, or its text if the text is not JSON.
        """
        ...


def from_response(model: type[FromResponse], value: object) -> object:
    """Parse a response with a model whose responses have several forms.

    Return ``None`` if the response has no object.
    """
    return model._from_response(value)  # noqa: SLF001 - of this module  # pyright: ignore[reportPrivateUsage]


def field_types(model: type) -> dict[str, object]:
    """Return the types of a model's fields, like `typing.get_type_hints`, but compile equal annotations only once."""
    types: dict[str, object] = {}
    for base in reversed(model.__mro__):
        annotations = inspect.get_annotations(base)
        if not annotations:
            continue
        texts = {str(annotation): annotation for annotation in annotations.values()}
        stand_in = type(base.__name__, (), {"__annotations__": texts, "__module__": base.__module__})
        by_text = get_type_hints(stand_in, localns=dict(vars(base)))
        types |= {name: by_text[str(annotation)] for name, annotation in annotations.items()}
    return types


def wire_name(field: attrs.Attribute[object]) -> str:
    """Return the JSON name of a model's field."""
    given = field.metadata.get(WIRE_NAME)
    if isinstance(given, str):
        return given
    head, *tail = field.name.split("_")
    return head + "".join(word.capitalize() for word in tail)


def bare_field(model: type[attrs.AttrsInstance]) -> attrs.Attribute[object] | None:
    """Return the field of a write model whose items are the whole body, or ``None`` if the body is an object."""
    first = attrs.fields(model)[0] if attrs.fields(model) else None
    return first if first is not None and BARE in first.metadata else None


def sent_model(model: type[attrs.AttrsInstance]) -> type[attrs.AttrsInstance]:
    """Return the model of the objects in a request body. If the body is an array, return the model of its items."""
    bare = bare_field(model)
    return model if bare is None else get_args(get_type_hints(model)[bare.name])[0]


SECURITY_NAMES: Final = frozenset(
    {"tenantId", "token", "expiresIn", "accessToken", "refreshToken", "access_token", "refresh_token", "expires_in"}
)
"""JSON names that matter for security. A value of a wrong type is never accepted, and a repeated name is refused."""


def others_field(model: type[attrs.AttrsInstance]) -> attrs.Attribute[object] | None:
    """Return the field of a write model whose members are sent next to the other fields, or ``None``."""
    return next((field for field in attrs.fields(model) if OTHERS in field.metadata), None)


def has_extra(model: type[attrs.AttrsInstance]) -> bool:
    """Return whether a model keeps unknown values in ``extra``."""
    return any(field.name == EXTRA for field in attrs.fields(model))


def lenient_fields(model: type[attrs.AttrsInstance]) -> frozenset[str]:
    """Return the fields of a model that get their default if the JSON value has another type.

    A model without ``extra`` has no such fields, since the value would be lost. A field without a default is required.
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
    """Return whether an annotation stands for any JSON value, or for a mapping of JSON values."""
    return any(get_origin(kind) is Mapping for kind in (hint, *get_args(hint)))
