"""`Model`: the base of the models, which become plain dicts and JSON text, and are read back from them."""

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
    """The base of all values that the operations return: they become plain dicts and JSON text."""

    __slots__ = ()

    def to_dict(self, *, mode: Literal["json", "python"] = "json", reveal: Iterable[str] = ()) -> dict[str, object]:
        """Return the fields as a plain dict, whose keys are the names of the attributes.

        Nested models are dicts too. Changing the dict does not change the model. ``extra`` is in it, with what this
        version does not know.

        Args:
            mode: ``json`` for values that JSON has: a time is text in the form of RFC 3339, a tuple is a list, a secret
                is ``None``. ``python`` keeps times, tuples, members of enumerations and each `Secret` as they are. In
                both, a number that is not finite is ``None``.
            reveal: The names of the secrets that shall be in the dict as text, as ``("secret",)``.

        Raises:
            InvalidArgumentError: The mode is another, ``reveal`` has a name that is no secret of the model, or a field
                with a JSON value has something that JSON cannot hold; the message names its place.
        """
        from frontegg_async.models import to_plain  # noqa: PLC0415 - only for those who convert

        return to_plain.dict_of(self, mode, reveal)

    def to_json(self, *, reveal: Iterable[str] = ()) -> str:
        """Return the fields as a JSON object, with the content of ``to_dict()``.

        Args:
            reveal: The names of the secrets that shall be in the text, as ``("secret",)``.

        Raises:
            InvalidArgumentError: ``reveal`` has a name that is no secret of the model, a field with a JSON value has
                something that JSON cannot hold, or is nested deeper than Python writes.
        """
        try:
            return json.dumps(self.to_dict(reveal=reveal), ensure_ascii=False)
        except RecursionError:
            kind = type(self).__name__
        raise InvalidArgumentError(f"{kind} has a value that is nested deeper than Python writes JSON text")

    @property
    def __pydantic_serializer__(self) -> SchemaSerializer:
        """What writes the object where no annotation names its type, as in ``dict[str, Any]``; pydantic reads it."""
        try:
            from frontegg_async.models import pydantic_schema  # noqa: PLC0415 - pydantic is no dependency
        except ImportError as error:
            raise AttributeError("pydantic is not installed") from error
        return pydantic_schema.serializer_of(cast("Hashable", type(self)))

    @classmethod
    def __get_pydantic_core_schema__(cls, source: type, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Return how pydantic validates and serializes the model; pydantic calls it.

        Args:
            source: The model, with its parameter if it has one.
            handler: Returns the schemas of the fields.
        """
        from frontegg_async.models import pydantic_schema  # noqa: PLC0415 - pydantic is no dependency

        return pydantic_schema.core_schema_of(source, handler)

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Return the JSON schema of the model with its description; pydantic calls it.

        Args:
            core: The schema that `__get_pydantic_core_schema__` returned.
            handler: Returns the JSON schema of a core schema.
        """
        from frontegg_async.models import pydantic_schema  # noqa: PLC0415 - pydantic is no dependency

        return pydantic_schema.described(cls, core, handler)


class Model(Serializable):
    """The base of the models: they become plain dicts and JSON text, and are read back from them."""

    __slots__ = ()

    @classmethod
    def from_dict(cls, data: Mapping[str, object]) -> Self:
        """Return the object for what ``to_dict()`` returned, in either mode.

        A secret that is null or missing is ``None``, also where the annotation has no ``None``. A time without an
        offset is in UTC. Unknown keys are kept in ``extra``, if the model has it, and ignored otherwise.

        Args:
            data: The names and values of the fields; those with a default may be missing. JSON values are copied.

        Raises:
            InvalidArgumentError: ``data`` is no mapping, a required field is missing, or a value has another type than
                its field; the message names the field and what is allowed.
        """
        from frontegg_async.models import from_plain  # noqa: PLC0415 - only for those who convert

        hidden: Hidden[object] = Hidden(data)
        del data
        return from_plain.object_of(hidden, cls)


class ModelWithMetadata(Model):
    """The base of the models that have ``metadata`` of your own."""

    __slots__ = ()

    def metadata_as(self, kind: type[T]) -> T:
        """Return the metadata as a type of your own, so that no cast is needed.

        Keys that the type does not have are ignored. Where there are no metadata, an empty object is read: a type
        whose fields all have defaults is then made of these.

        Args:
            kind: An attrs class, a dataclass or a ``TypedDict``. Fields may be of such types too, JSON types, times,
                dates, `uuid.UUID` and `decimal.Decimal` (from text), enumerations, and lists and dicts of them. Values
                are not converted: ``"1"`` is no ``int``.

        Raises:
            DecodeError: The metadata differ from the type. The message names the model's ids, the path and what is
                expected, or what a validator of the type raised; ``paths`` has the path.
            InvalidArgumentError: ``kind`` is another type, or has a field that cannot be read.
        """
        from frontegg_async.models import typed_metadata  # noqa: PLC0415 - only for those who use it

        return typed_metadata.read(self, "metadata", kind)
