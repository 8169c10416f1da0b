"""Reads the fields that the bodies of plans and of feature flags have in common."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

import msgspec

from frontegg_async._values.json_values import JsonValue
from frontegg_async.emulator.services.support.emulated_response import validation_error


def changes_of(body: Mapping[str, JsonValue], plain: Mapping[str, str]) -> dict[str, object]:
    """Return the changes that a body makes to a row. A null in the body changes nothing (assumed).

    Args:
        body: The body of the request.
        plain: The fields whose values are stored unchanged, with their names in a row. Rules and metadata are not
            included.

    Raises:
        RequestRefusedError: 400 if the name is empty or the metadata is malformed.
    """
    sent = {name: value for name, value in body.items() if value is not None}
    changes: dict[str, object] = {plain[name]: value for name, value in sent.items() if name in plain}
    if "rules" in sent:
        changes["rules"] = tuple(cast("list[dict[str, object]]", sent["rules"]))
    if "metadata" in sent:
        changes["metadata"] = _metadata(cast("str", sent["metadata"]).encode("utf-8", "surrogatepass"))
    if changes.get("name") == "":
        raise validation_error(["name should not be empty"])
    return changes


def _metadata(text: bytes) -> dict[str, object]:
    try:
        return msgspec.json.decode(text, type=dict[str, object])
    except (msgspec.DecodeError, RecursionError):
        pass
    raise validation_error(["metadata must be a json string"])
