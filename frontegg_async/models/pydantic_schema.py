"""The pydantic schemas of the models. This module is imported when pydantic validates or serializes a model.

pydantic checks the fields, so that its errors contain the places of the fields. ``from_dict()`` then creates the
object.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Hashable, Mapping
from typing import Annotated, Any, Final, TypeVar, cast, get_args, get_origin, get_type_hints

import attrs
from pydantic import (
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    PlainSerializer,
    TypeAdapter,
    ValidationError,
    WithJsonSchema,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, InitErrorDetails, PydanticCustomError, SchemaSerializer, core_schema

from frontegg_async._values.base_errors import InvalidArgumentError
from frontegg_async._values.fields import EXTRA, holds_json
from frontegg_async._values.secret import Hidden, Secret
from frontegg_async._values.value import Value
from frontegg_async.models import from_plain
from frontegg_async.models.field_descriptions import DESCRIPTIONS
from frontegg_async.models.to_plain import json_of, plan_of, secret_names

_SECRET: Final[JsonSchemaValue] = {"anyOf": [{"type": "string"}, {"type": "null"}], "writeOnly": True}


_HIDDEN: Final = "(hidden)"
"""The text that replaces the value in errors."""

_TITLE: Final = "frontegg_async.title"
"""The key of a model's title in the metadata of its schema."""


def core_schema_of(source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
    """Return the schema with which pydantic validates and serializes a model.

    Args:
        source: The model, with its type parameter if the model is generic.
        handler: A function that returns the schemas of the fields.
    """
    kind: Any = source
    if getattr(kind, "__parameters__", ()):
        kind = kind[Any]
    model: type = get_origin(kind) or kind
    hints = get_type_hints(model)
    arguments = get_args(kind)
    fields = {
        cast("str", field.alias): core_schema.typed_dict_field(
            handler.generate_schema(_annotated(model, field.alias, _with_argument(hints[field.name], arguments))),
            required=field.default is attrs.NOTHING and Secret is not hints[field.name],
        )
        for field in attrs.fields(cast("type[attrs.AttrsInstance]", model))
        if field.init
    }
    shape = core_schema.typed_dict_schema(
        fields,
        extra_behavior="allow" if EXTRA in fields else "ignore",
    )

    def validate(value: object, check: core_schema.ValidatorFunctionWrapHandler) -> object:
        if isinstance(value, model):
            return value
        if isinstance(value, Value):
            message = f"Input should be a {model.__name__}, not a {type(value).__name__}"
            raise ValidationError.from_exception_data(model.__name__, [_without_input("model_type", message, ())])
        try:
            return from_plain.object_of(Hidden(check(value)), kind)
        except ValidationError as error:
            problems = [_without_input(each["type"], each["msg"], each["loc"]) for each in error.errors()]
        except InvalidArgumentError as error:
            problems = [_without_input("value_error", f"Value error, {error}", ())]
        raise ValidationError.from_exception_data(model.__name__, problems)

    def serialize(value: object, write: core_schema.SerializerFunctionWrapHandler) -> object:
        return write(_shallow(value) if isinstance(value, model) else value)

    return core_schema.no_info_wrap_validator_function(
        validate,
        shape,
        ref=_reference(kind),
        metadata={_TITLE: _title(model, arguments)},
        serialization=core_schema.wrap_serializer_function_ser_schema(serialize, schema=shape),
    )


@functools.cache
def serializer_of(model: Hashable) -> SchemaSerializer:
    """Return the serializer for objects of a model whose type is not annotated."""
    kind: Any = model
    return TypeAdapter(kind).serializer


def described(model: type, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
    """Return the JSON schema of a model with its title and description.

    Args:
        model: The model.
        core: The schema that `core_schema_of` returned for the model.
        handler: The handler that returns the JSON schema and resolves references.
    """
    schema = handler(core)
    whole = handler.resolve_ref_schema(schema)
    whole["title"] = core.get("metadata", {}).get(_TITLE, model.__name__)
    summary = (inspect.getdoc(model) or "").partition("\n\n")[0]
    if summary:
        whole["description"] = " ".join(summary.replace("``", "`").split())
    return schema


def _without_input(kind: str, message: str, place: tuple[int | str, ...]) -> InitErrorDetails:
    """Return a problem without the value. The value may contain secrets, and FastAPI quotes errors in its responses."""
    problem: Any = PydanticCustomError  # type checkers accept only literals
    return {"type": problem(kind, message), "loc": place, "input": _HIDDEN}


def _shallow(model: object) -> dict[str, object]:
    """Return the fields of a model for pydantic, which serializes nested models itself."""
    return {
        key: json_of(key, value) if is_json_value else value
        for name, key, is_json_value in plan_of(cast("type", type(model)))
        for value in (getattr(model, name),)
    }


def _annotated(model: type, name: str, hint: Any) -> Any:  # noqa: ANN401 - annotations of any kind
    """Return the type of a field in a form that pydantic understands, with its description."""
    known = (DESCRIPTIONS.get(each.__name__, {}).get(name) for each in model.__mro__)
    description = next(filter(None, known), None)
    if name in secret_names(model):
        shown = WithJsonSchema({**_SECRET, "description": description})
        return Annotated[Any, PlainSerializer(_hide, when_used="json"), shown]
    if get_origin(hint) is Mapping:
        hint = dict[str, str] if hint == Mapping[str, str] else dict[str, Any]
    elif holds_json(hint):
        hint = Any
    return Annotated[hint, Field(description=description)]


def _hide(_secret: object) -> None:
    """Write a secret as null."""


def _with_argument(hint: Any, arguments: tuple[Any, ...]) -> Any:  # noqa: ANN401 - annotations of any kind
    """Return the annotation of a field, with the type argument in place of the type parameter of a generic model."""
    if isinstance(hint, TypeVar):
        return arguments[0]
    return hint[arguments[0]] if getattr(hint, "__parameters__", ()) else hint


def _title(model: type, arguments: tuple[Any, ...]) -> str:
    names = ", ".join(getattr(each, "__name__", str(each)) for each in arguments if each is not Any)
    return f"{model.__name__}[{names}]" if names else model.__name__


def _reference(source: Any) -> str:  # noqa: ANN401 - any model
    """Return the name with which pydantic lists a type among the definitions of a schema."""
    kind, arguments = get_origin(source) or source, get_args(source)
    name = f"{getattr(kind, '__module__', '')}.{getattr(kind, '__qualname__', str(kind))}:{id(kind)}"
    return f"{name}[{','.join(map(_reference, arguments))}]" if arguments else name
