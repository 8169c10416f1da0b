"""`field_schema`: returns the JSON Schema for the values of a field in files."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final, TypeAlias, cast, get_args

from frontegg_async._values.fields import field_types
from frontegg_async._values.json_values import JsonValue
from frontegg_async.managed.fields import SECRET, SOURCES, Field, Shape, spellings
from frontegg_async.models.field_descriptions import DESCRIPTIONS
from frontegg_async.models.model import Model
from frontegg_async.snapshots.environment_format import NAME

Schema: TypeAlias = dict[str, JsonValue]
"""A JSON Schema of draft 2020-12. All keywords except ``$defs`` also exist in draft 7, which older editors need."""

TEXT: Final[Schema] = {"type": "string", "minLength": 1}
"""The schema of a non-empty text."""
_FLAG: Final[Schema] = {"type": "boolean"}
_NULL: Final[Schema] = {"type": "null"}
_OF_MODELS: Final = re.compile(r"[;.] (`None`|`(secret\.)?reveal|text (for|if) ).*")
"""Clauses of descriptions that concern only Python: about ``None``, about unknown values, and about reading secrets."""
_VARIABLE: Final = rf"\$\{{{NAME}\}}"


def field_schema(field: Field, description: str, *, model: type[object] = Model, has_variables: bool) -> Schema:
    """Return the schema of the values of a field.

    Args:
        field: The field.
        description: The description of the field.
        model: The model that contains the field.
        has_variables: Whether texts may contain variables.
    """
    schema = _schema(field, model, has_variables=has_variables)
    if not field.is_nullable:
        return described(schema or {"not": _NULL}, description)
    if "type" in schema:
        schema["type"] = [schema["type"], "null"]
    if "enum" in schema:
        schema["enum"] = [*cast("list[JsonValue]", schema["enum"]), None]
    return described(schema, f"{description} null clears it.".strip())


def described(schema: Schema, description: str) -> Schema:
    """Add a description to a schema, unless the description is empty.

    Args:
        schema: The schema.
        description: The description.
    """
    return {"description": description, **schema} if description else schema


def described_in(model: type[object], name: str) -> str:
    """Return the description of a model's field, without clauses that concern only Python.

    The result is empty if the field has no description.

    Args:
        model: The model.
        name: The name of the field.
    """
    known = (DESCRIPTIONS.get(each.__name__, {}).get(name) for each in model.__mro__)
    return _OF_MODELS.sub(".", next(filter(None, known), "").partition("\n")[0])


def mapping_of(properties: Mapping[str, JsonValue]) -> Schema:
    """Return the schema of a mapping without other members.

    Args:
        properties: The schemas of the members.
    """
    return {"type": "object", "properties": dict(properties), "additionalProperties": False}


def spelled_otherwise(spellings: Iterable[tuple[str, str]], place: str) -> Schema:
    """Return schema properties for other spellings of fields.

    Args:
        spellings: The other spelling and the name of each field.
        place: The JSON pointer to the properties of the fields.
    """
    return {
        spelling: {"description": f"Another spelling of {name}.", "$ref": f"{place}/{name}"}
        for spelling, name in spellings
    }


def camel_case(name: str) -> str:
    """Return a name in the spelling of the API.

    Args:
        name: The name, with underscores.
    """
    head, *tail = name.split("_")
    return head + "".join(word.capitalize() for word in tail)


def _schema(field: Field, model: type[object], *, has_variables: bool) -> Schema:
    match field.shape:
        case Shape.TEXT:
            return _text(field, has_variables=has_variables)
        case Shape.NUMBER:
            return _number(field)
        case Shape.FLAG:
            return dict(_FLAG)
        case Shape.MEMBERS:
            return {"type": "array", "items": TEXT}
        case Shape.MAP:
            return _map(field, model, has_variables=has_variables)
        case Shape.SECRET:
            source: Schema = {"type": "string", "pattern": f"^({'|'.join(SOURCES)})."}
            return {**mapping_of({SECRET: source, "rotate": _FLAG}), "required": [SECRET]}
        case Shape.JSON:
            return {}


def _text(field: Field, *, has_variables: bool) -> Schema:
    if field.choices is not None:
        known: Schema = {"enum": [*spellings(field.choices)]}
        return {"type": "string", **({"anyOf": [known, {"pattern": _VARIABLE}]} if has_variables else known)}
    return dict(TEXT) if any(field.problems("")) else {"type": "string"}


def _number(field: Field) -> Schema:
    if field.limits is None:
        return {"type": "number"}
    least, most = field.limits
    return {"type": "integer", "minimum": least, "maximum": most}


def _map(field: Field, model: type[object], *, has_variables: bool) -> Schema:
    if not field.keys:
        return {"type": "object", **({"additionalProperties": {"not": _NULL}} if field.keeps_members else {})}
    kinds = get_args(field_types(model).get(field.name))
    inner = next((each for each in kinds if isinstance(each, type)), Model)
    return mapping_of(
        {
            name: field_schema(each, described_in(inner, name), has_variables=has_variables)
            for name, each in field.keys.items()
        }
    )
