"""`Model`, the base class of the models. It converts models to plain dicts and JSON text, and plain dicts to models."""

from __future__ import annotations

import json
from collections.abc import Hashable, Iterable, Mapping
from typing import TYPE_CHECKING, Literal, Self, TypeVar, cast

from frontegg_async._values.base_errors import InvalidArgumentError
from frontegg_async._values.secret import Hidden
from frontegg_async._values.value import Value

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
    from pydantic.json_schema import JsonSchemaValue
    from pydantic_core import CoreSchema, SchemaSerializer

T = TypeVar("T")


class Serializable(Value):
    """The base class of all return values of operations, with conversion to plain dicts and JSON text."""

    __slots__ = ()

    def to_dict(self, *, mode: Literal["json", "python"] = "json", reveal: Iterable[str] = ()) -> dict[str, object]:
        """Return the fields as a plain dict with the names of the attributes as keys.

        Nested models become dicts too. Changes of the dict do not change the model. The dict includes ``extra`` with
        unknown fields.

        Args:
            mode: ``json`` returns JSON values: a time becomes RFC 3339 text, a tuple becomes a list, and a secret
                becomes ``None``. ``python`` keeps times, tuples, members of enumerations and each `Secret`. In both
                modes a number that is not finite becomes ``None``.
            reveal: The names of the secrets to include as text, such as ``("secret",)``.

        Raises:
            InvalidArgumentError: The mode is unknown, ``reveal`` has a name that is no secret of the model, or a JSON
                value contains an object that JSON cannot represent. The message has the path of the object.
        """
        from frontegg_async.models import to_plain  # noqa: PLC0415 - only conversions need it

        return to_plain.dict_of(self, mode, reveal)

    def to_json(self, *, reveal: Iterable[str] = ()) -> str:
        """Return the fields as JSON text, with the content of ``to_dict()``.

        Args:
            reveal: The names of the secrets to include, such as ``("secret",)``.

        Raises:
            InvalidArgumentError: ``reveal`` has a name that is no secret of the model, or a JSON value is nested too
                deeply or contains an object that JSON cannot represent.
        """
        try:
            return json.dumps(self.to_dict(reveal=reveal), ensure_ascii=False)
        except RecursionError:
            kind = type(self).__name__
        raise InvalidArgumentError(f"{kind} has a value that is nested too deeply for JSON text")

    @property
    def __pydantic_serializer__(self) -> SchemaSerializer:
        """The serializer that pydantic uses if no annotation names the model, for example in ``dict[str, Any]``."""
        try:
            from frontegg_async.models import pydantic_schema  # noqa: PLC0415 - pydantic is no dependency
        except ImportError as error:
            raise AttributeError("pydantic is not installed") from error
        return pydantic_schema.serializer_of(cast("Hashable", type(self)))

    @classmethod
    def __get_pydantic_core_schema__(cls, source: type, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Return the schema with which pydantic validates and serializes the model. pydantic calls this method.

        Args:
            source: The model, with its type parameter if the model is generic.
            handler: A function that returns the schemas of the fields.
        """
        from frontegg_async.models import pydantic_schema  # noqa: PLC0415 - pydantic is no dependency

        return pydantic_schema.core_schema_of(source, handler)

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Return the JSON schema of the model with its description. pydantic calls this method.

        Args:
            core: The schema that `__get_pydantic_core_schema__` returned.
            handler: A function that returns the JSON schema of a core schema.
        """
        from frontegg_async.models import pydantic_schema  # noqa: PLC0415 - pydantic is no dependency

        return pydantic_schema.described(cls, core, handler)


class Model(Serializable):
    """The base class of the models, with conversion to plain dicts and JSON text, and from plain dicts."""

    __slots__ = ()

    @classmethod
    def from_dict(cls, data: Mapping[str, object]) -> Self:
        """Return the object for a dict that ``to_dict()`` returned with either ``mode``.

        A secret that is null or missing becomes ``None``, even if the annotation excludes ``None``. A time without an
        offset becomes a time in UTC. Unknown keys go to ``extra``, or are ignored if the model has no ``extra``.

        Args:
            data: The names and values of the fields. Fields with a default may be missing. JSON values are copied.

        Raises:
            InvalidArgumentError: ``data`` is no mapping, a required field is missing, or a value does not fit the type
                of its field. The message names the field and the allowed values.
        """
        from frontegg_async.models import from_plain  # noqa: PLC0415 - only conversions need it

        hidden: Hidden[object] = Hidden(data)
        del data
        return from_plain.object_of(hidden, cls)


class ModelWithMetadata(Model):
    """The base class of the models that have your own ``metadata``."""

    __slots__ = ()

    def metadata_as(self, kind: type[T]) -> T:
        """Convert the metadata to a type of your own, so that you need no cast.

        Keys that the type does not have are ignored. Missing metadata are regarded as an empty object, so a type with
        defaults for all fields gets the defaults.

        Args:
            kind: An attrs class, a dataclass or a ``TypedDict``. Each field may have one of these types, a JSON type,
                `datetime`, `date`, `uuid.UUID`, `decimal.Decimal` (from text), an enumeration, or a list or dict of
                such values. Values are not converted: ``"1"`` is not accepted as ``int``.

        Raises:
            DecodeError: The metadata do not fit the type. The message contains the ids of the model, the path of the
                value, and the expected type or the validator's error. ``paths`` has the path.
            InvalidArgumentError: ``kind`` is no such type, or has a field of an unsupported type.
        """
        from frontegg_async.models import typed_metadata  # noqa: PLC0415 - only this method needs it

        return typed_metadata.read(self, "metadata", kind)
