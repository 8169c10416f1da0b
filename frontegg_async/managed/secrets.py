"""Read the secrets that files refer to, before they are sent."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final, cast

from frontegg_async._values.json_values import JsonValue
from frontegg_async.errors import InvalidArgumentError
from frontegg_async.managed.fields import SECRET, Field, Shape

_MOST: Final = 2**20
"""The maximum size in characters of a file with a secret."""


def source_of(reference: JsonValue) -> str:
    """Return the source of a secret, such as ``env:NAME``.

    Args:
        reference: The reference, such as ``{"secret": "env:NAME"}``.
    """
    return cast("str", cast("Mapping[str, JsonValue]", reference)[SECRET])


def with_secrets(fields: Mapping[str, Field], values: Mapping[str, JsonValue]) -> Mapping[str, JsonValue]:
    """Replace references to secrets by the secrets. The call blocks while it reads files.

    Args:
        fields: The fields of the object.
        values: The values, by flat names.

    Raises:
        InvalidArgumentError: A secret cannot be read, or is empty.
    """
    return {
        name: _read(name, source_of(value)) if _is_secret(fields, name) else value for name, value in values.items()
    }


def _is_secret(fields: Mapping[str, Field], name: str) -> bool:
    return name in fields and fields[name].shape is Shape.SECRET


def _read(name: str, source: str) -> str:
    kind, _, place = source.partition(":")
    if kind == "env":
        text = os.environ.get(place)
        if text is None:
            raise InvalidArgumentError(f"{name} is read from {source}, and there is no environment variable {place!r}")
    else:
        try:
            with Path(place).open(encoding="utf-8") as file:
                text = file.read(_MOST).removesuffix("\n").removesuffix("\r")
        except (OSError, UnicodeError) as error:
            reason = (isinstance(error, OSError) and error.strerror) or "it is not UTF-8"
            raise InvalidArgumentError(f"{name} is read from {source}, which cannot be read: {reason}") from None
    if not text:
        raise InvalidArgumentError(f"{name} is read from {source}, which is empty")
    return text
