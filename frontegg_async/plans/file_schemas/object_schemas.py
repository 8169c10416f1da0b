"""`part_schema`: returns the JSON Schema of the objects in one part of a file, such as ``roles``."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Final

from frontegg_async._values.json_values import JsonValue
from frontegg_async.managed.fields import Field, Shape
from frontegg_async.managed.kinds import ObjectKind
from frontegg_async.plans.environment_files.file_object import RENAMED_FROM
from frontegg_async.plans.file_schemas.field_schemas import (
    TEXT,
    Schema,
    camel_case,
    described,
    described_in,
    field_schema,
    mapping_of,
    spelled_otherwise,
)
from frontegg_async.plans.files.fields import ABSENT

DEFINITIONS: Final = "$defs"
IGNORED: Final = "A plan ignores this field."


def part_schema(kind: ObjectKind, definitions: Schema) -> Schema:
    """Return the schema of the part of a file that contains one kind of objects.

    Args:
        kind: The kind of the objects.
        definitions: The definitions of the whole schema. The function adds the schemas of the objects.
    """
    for name, key in _definitions(kind):
        definitions[name] = _object_schema(kind, key, name)
    references: dict[str, JsonValue] = {key: {"$ref": f"#/{DEFINITIONS}/{name}"} for name, key in _definitions(kind)}
    schema: Schema
    if kind.keys:
        schema = mapping_of(references)
    else:
        schema = {"type": "object", "propertyNames": {"pattern": "\\S"}, "additionalProperties": references[""]}
    # Docstrings may be missing, since the option ``-OO`` of Python removes docstrings.
    return described(schema, (inspect.getdoc(type(kind)) or "").partition("\n")[0])


def without_others(names: list[str]) -> Schema:
    """Return a condition that forbids fields together with ``absent: true``.

    Args:
        names: The forbidden fields.
    """
    is_absent: Schema = {"properties": {ABSENT: {"const": True}}, "required": [ABSENT]}
    return {"if": is_absent, "then": {"propertyNames": {"not": {"enum": [*names]}}}}


def _definitions(kind: ObjectKind) -> Iterator[tuple[str, str]]:
    """Yield the name of each object schema with a key of such an object.

    Kinds whose fields depend on the key have a schema for each key.
    """
    yield from ((f"{kind.part}.{key}", key) for key in kind.keys) if kind.keys else [(kind.part, "")]


def _object_schema(kind: ObjectKind, key: str, name: str) -> Schema:
    fields, model = kind.fields_of(key), kind.model_of(key)
    properties: Schema = {
        each.name: field_schema(each, _description(kind, key, each), model=model, has_variables=not kind.of_account)
        for each in fields.values()
    }
    if kind.key_field and not kind.of_account:
        properties[RENAMED_FROM] = described(dict(TEXT), f"The key of the {kind.noun} before a rename.")
    if kind.can_be_absent:
        properties[ABSENT] = {"description": f"true removes the {kind.noun}.", "type": "boolean"}
    for each in sorted(kind.read_only):
        properties[each] = {"description": f"{described_in(model, each)} {IGNORED}".strip(), "readOnly": True}
    place = f"#/{DEFINITIONS}/{name}/properties"
    others = [(camel_case(each), each) for each in properties if "_" in each]
    removed = [spelled for each in fields if each != "name" for spelled in dict.fromkeys((each, camel_case(each)))]
    return {
        "title": " ".join(filter(None, (key.replace("_", " "), kind.noun))),
        **mapping_of({**properties, **spelled_otherwise(others, place)}),
        **(without_others(removed) if kind.can_be_absent else {}),
    }


def _description(kind: ObjectKind, key: str, field: Field) -> str:
    """Return the description of a field, with the rules of the kind of objects for this field."""
    if field.name == kind.key_field:
        return f"The key of the {kind.noun}. This field may be left out."
    sentences = [described_in(kind.model_of(key), field.name)]
    if field.refers_to:
        is_list = field.shape is Shape.MEMBERS
        sentences = [f"{'Keys' if is_list else 'A key'} of the part {field.refers_to!r} of an environment file."]
    if field.is_required and kind.can_create:
        sentences.append(f"A new {kind.noun} needs this field.")
    if field.is_fixed:
        sentences.append(f"Only the creation of a {kind.noun} sets this field.")
    if field.has_members:
        sentences.append("Members that the file does not have are kept.")
    if field.shape is Shape.SECRET:
        sentences.append("The value is read when a plan is applied; rotate: true writes the value again.")
    return " ".join(filter(None, sentences))
