"""`Schemas`: generates the JSON Schemas of the SDK's models. The names of fields are those in JSON."""

from __future__ import annotations

import enum
import inspect
import types
import typing
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from types import NoneType
from typing import Final, cast

import attrs

from frontegg_async._values.fields import EXTRA, bare_field, others_field, sent_model, wire_name
from frontegg_async._values.json_values import LazyJson
from frontegg_async._values.secret import Secret
from frontegg_async._values.unset import UNSET
from frontegg_async.emulator.openapi.schema_fields import ALWAYS, FIELDS, GIVEN, MODELS, Schema
from frontegg_async.models.hierarchy import TreeNode
from frontegg_async.models.page import Page
from frontegg_async.tree import TenantTree

_SCALARS: Final[dict[object, Schema]] = {
    str: {"type": "string"},
    bytes: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": "number"},
    NoneType: {"type": "null"},
    datetime: {"type": "string", "format": "date-time"},
    Secret: {"type": "string"},
    object: {},
}

_JSON_TEXT: Final[Schema] = {"type": ["string", "null"], "contentMediaType": "application/json"}


class Schemas:
    """Collects the schema of every model that the document refers to."""

    def __init__(self) -> None:
        self._components: dict[str, Schema] = {}
        self._roles: dict[type, bool] = {}
        self._optional: dict[type, Collection[str]] = {}
        self._open: set[type] = set()

    def components(self) -> dict[str, Schema]:
        """Return the schemas that were collected so far, by the names of their models."""
        return dict(sorted(self._components.items()))

    def returned(self, kind: object) -> Schema:
        """Return the schema of an operation's result. The schema allows unknown fields."""
        return self._of(kind, closed=False)

    def body(self, model: type, *, optional: Collection[str] = (), ignores_unknown: bool = False) -> Schema:
        """Return the schema of the body of an operation.

        Args:
            model: The class of the body. Write models are the classes of bodies in requests.
            optional: The fields that the service does not require, by their names in JSON. The SDK always sends them.
            ignores_unknown: Whether the service ignores unknown fields instead of refusing them.
        """
        if bare_field(model) is not None:
            items = self.body(sent_model(model), optional=optional, ignores_unknown=ignores_unknown)
            return {"type": "array", "items": items, "minItems": 1}
        self._optional[model] = optional
        if ignores_unknown:
            self._open.add(model)
        return self._of(model, closed=True)

    def is_needed(self, model: type) -> bool:
        """Return whether the service refuses an empty body of this model."""
        if bare_field(model) is not None:
            return True
        schema = self._components[model.__name__]
        return bool(schema["required"]) or "minProperties" in schema

    def _of(self, kind: object, *, closed: bool) -> Schema:
        if kind in _SCALARS:
            return dict(_SCALARS[kind])
        origin, arguments = typing.get_origin(kind), typing.get_args(kind)
        if origin in {typing.Union, types.UnionType}:
            return self._union(arguments, closed=closed)
        if origin is tuple:
            return {"type": "array", "items": self._of(arguments[0], closed=closed)}
        if kind is TenantTree:
            return self._tree()
        if origin is Page:
            return self._page(cast("type", arguments[0]))
        if origin in {Mapping, dict}:
            return {"type": "object"}
        if isinstance(kind, type) and issubclass(kind, enum.StrEnum):
            return {"type": "string", "enum": [member.value for member in kind]}
        if isinstance(kind, type) and attrs.has(kind):
            return self._model(kind, closed=closed)
        raise TypeError(f"no JSON Schema is known for {kind!r}")

    def _union(self, members: tuple[object, ...], *, closed: bool) -> Schema:
        if {typing.get_origin(member) for member in members} >= {Mapping, Sequence}:
            return {}
        schemas = [self._of(member, closed=closed) for member in members if not _is_unset(member)]
        if all(schema.keys() == {"type"} for schema in schemas):
            names = [schema["type"] for schema in schemas]
            return {"type": names[0] if len(names) == 1 else names}
        return schemas[0] if len(schemas) == 1 else {"anyOf": schemas}

    def _page(self, item: type) -> Schema:
        return self._collect(
            f"{item.__name__}Page",
            lambda: {
                "type": "object",
                "required": ["items", "_metadata"],
                "properties": {
                    "items": {"type": "array", "items": self._of(item, closed=False)},
                    "_metadata": {
                        "type": "object",
                        "required": ["totalItems", "totalPages"],
                        "properties": {
                            "totalItems": {"type": "integer", "minimum": 0},
                            "totalPages": {"type": "integer", "minimum": 0},
                        },
                    },
                    "_links": {
                        "type": "object",
                        "properties": {
                            name: {"type": ["string", "null"]} for name in ("next", "prev", "first", "last")
                        },
                    },
                },
            },
        )

    def _tree(self) -> Schema:
        def make() -> Schema:
            node = self._object(TreeNode, closed=False)
            below = {"type": "array", "items": {"$ref": f"#/components/schemas/{TenantTree.__name__}"}}
            properties = cast("Schema", node["properties"]) | {"children": below}
            return {**node, "required": [*cast("list[str]", node["required"]), "children"], "properties": properties}

        return self._collect(TenantTree.__name__, make)

    def _model(self, model: type, *, closed: bool) -> Schema:
        if self._roles.setdefault(model, closed) is not closed:
            raise TypeError(f"{model.__name__} is both a body and a result: use two models")
        return self._collect(model.__name__, lambda: self._object(model, closed=closed))

    def _collect(self, name: str, make: Callable[[], Schema]) -> Schema:
        if name not in self._components:
            self._components[name] = {}
            self._components[name] = make()
        return {"$ref": f"#/components/schemas/{name}"}

    def _object(self, model: type, *, closed: bool) -> Schema:
        instance = cast("type[attrs.AttrsInstance]", model)
        hints = cast("dict[str, object]", typing.get_type_hints(model))
        others = others_field(instance)
        fields = [field for field in attrs.fields(instance) if field.name != EXTRA and field != others]
        return {
            "type": "object",
            "description": _first_line(model),
            "required": [wire_name(field) for field in fields if self._is_required(model, field)],
            "properties": {
                wire_name(field): self._property(model, field.name, hints[field.name], closed=closed)
                for field in fields
            },
            "additionalProperties": not closed or model in self._open or others is not None,
            **MODELS.get(model, {}),
        }

    def _is_required(self, model: type, field: attrs.Attribute[object]) -> bool:
        if (model, field.name) in ALWAYS:
            return True
        return field.default is attrs.NOTHING and wire_name(field) not in self._optional.get(model, ())

    def _property(self, model: type, name: str, kind: object, *, closed: bool) -> Schema:
        if isinstance(inspect.getattr_static(model, name), LazyJson):
            return dict(_JSON_TEXT)
        if (model, name) in GIVEN:
            kind = _not_null(kind)
        return dict(FIELDS.get((model, name)) or self._of(kind, closed=closed))


def _not_null(kind: object) -> object:
    """Return a type without its member ``None``."""
    members = tuple(member for member in typing.get_args(kind) if member is not NoneType)
    return typing.Union[members] if NoneType in typing.get_args(kind) else kind  # noqa: UP007 - of a tuple


def _first_line(model: type) -> str:
    return (inspect.getdoc(model) or "").partition("\n")[0]


def _is_unset(member: object) -> bool:
    return typing.get_args(member) == (UNSET,)
