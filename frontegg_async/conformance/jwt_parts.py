"""Reads the header and the claims of a JWT without checking its signature."""

from __future__ import annotations

import base64
import json
from typing import cast

from frontegg_async._values.json_values import JsonValue
from frontegg_async.conformance.not_tried import NotTriedError


def claims_of(jwt: str) -> dict[str, JsonValue]:
    """Return the claims of a JWT.

    Args:
        jwt: The JWT.

    Raises:
        NotTriedError: The text is not a readable JWT.
    """
    return part_of(jwt, 1)


def part_of(jwt: str, number: int) -> dict[str, JsonValue]:
    """Return the header or the claims of a JWT.

    Args:
        jwt: The JWT.
        number: 0 for the header, 1 for the claims.

    Raises:
        NotTriedError: The text is not a readable JWT.
    """
    try:
        part = base64.urlsafe_b64decode(jwt.split(".")[number] + "==")
        return cast("dict[str, JsonValue]", dict(json.loads(part)))
    except (ValueError, LookupError, TypeError):
        raise NotTriedError("a token is not a readable JWT") from None
