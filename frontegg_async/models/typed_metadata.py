"""The conversion of metadata to a type of the caller, for ``metadata_as()``."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar, get_args, get_type_hints, is_typeddict

import attrs
import cattrs
from cattrs import gen
from cattrs.errors import StructureHandlerNotFoundError
from cattrs.gen import typeddicts

from frontegg_async._values.base_errors import DecodeError, ErrorDetails, InvalidArgumentError
from frontegg_async.models.from_plain import (
    MismatchError,
    array_factory,
    first_problem,
    is_array,
    strict_converter,
)

T = TypeVar("T")


def read(model: object, field: str, kind: type[T]) -> T:
    """Convert the metadata of a model to a type.

    Args:
        model: The model. Messages contain its ``repr``, which shows its ids.
        field: The name of the field with the metadata.
        kind: An attrs class, a dataclass or a ``TypedDict``.

    Raises:
        DecodeError: The metadata do not fit the type.
        InvalidArgumentError: ``kind`` is no such type, or has a field of a type that JSON cannot represent.
    """
    if hasattr(kind, "model_validate"):
        raise InvalidArgumentError(
            f"kind must be an attrs class, a dataclass or a TypedDict: pydantic models have model_validate({field})"
        )
    if not _has_fields(kind):
        raise InvalidArgumentError("kind must be an attrs class, a dataclass or a TypedDict")
    value: object = getattr(model, field)
    try:
        return _converter.structure({} if value is None else value, kind)
    except (MismatchError, cattrs.BaseValidationError) as error:
        problem = first_problem(error, field)
    raise DecodeError(f"{model!r}: {problem}", ErrorDetails(reason="decode", paths=(problem,)))


def _has_fields(kind: object) -> bool:
    return is_typeddict(kind) or (isinstance(kind, type) and (attrs.has(kind) or dataclasses.is_dataclass(kind)))


def _object_factory(kind: Any, converter: cattrs.Converter) -> Callable[[object, Any], object]:  # noqa: ANN401 - any class
    maker: Any = typeddicts if is_typeddict(kind) else gen
    try:
        structure = maker.make_dict_structure_fn(kind, converter, _cattrs_detailed_validation=True)
    except StructureHandlerNotFoundError as error:
        names = (name for name, hint in get_type_hints(kind).items() if _mentions(hint, error.type_))
        place = f"{kind.__name__}.{next(names, '...')}"
        odd = error.type_.__name__ if isinstance(error.type_, type) else error.type_
        raise InvalidArgumentError(f"kind must have fields of JSON types, but {place} has the type {odd}") from None
    except NameError as error:
        raise InvalidArgumentError(f"the annotations of kind must be defined: in {kind.__name__}, {error}") from None

    def structure_object(value: object, _kind: object) -> object:
        if not isinstance(value, Mapping):
            raise MismatchError("an object", value)
        return structure(value, kind)

    return structure_object


def _mentions(hint: object, kind: object) -> bool:
    return hint == kind or any(_mentions(each, kind) for each in get_args(hint))


def _make_converter() -> cattrs.Converter:
    made = strict_converter()
    made.register_structure_hook_factory(_has_fields, _object_factory)
    made.register_structure_hook_factory(is_array, array_factory)
    return made


_converter: Final = _make_converter()
