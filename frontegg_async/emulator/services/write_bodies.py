"""Removes the bodies of responses to writes, if a switch requires it."""

from __future__ import annotations

from typing import Final, cast

import msgspec

from frontegg_async.emulator.services.registry import TAGS
from frontegg_async.emulator.services.support.emulated_response import EMPTY, EmulatedResponse
from frontegg_async.emulator.store.switch_group import WriteBody
from frontegg_async.emulator.store.switches import Switches
from frontegg_async.endpoints import Endpoint, Retry

_METADATA: Final = frozenset({"tenants.add_metadata", "tenants.delete_metadata"})
_NO_CONTENT: Final = 204


def apply_write_body(response: EmulatedResponse, endpoint: Endpoint[object], switches: Switches) -> EmulatedResponse:
    """Return the response to a write. If a switch requires it, remove the body.

    Args:
        response: The response of the rule.
        endpoint: The operation of the request. Responses to reads do not change.
        switches: The switches.
    """
    name = write_body_switch(endpoint)
    wanted: WriteBody = "object" if name is None else cast("WriteBody", switches.value(name))
    if wanted == "object":
        return response
    status = _NO_CONTENT if wanted == "no_content" else response.status
    return msgspec.structs.replace(response, body=EMPTY, status=status)


def write_body_switch(endpoint: Endpoint[object]) -> str | None:
    """Return the name of the switch for an operation's response body, or ``None`` for reads and exchanges of tokens."""
    if endpoint.retry is Retry.SAFE:
        return None
    if endpoint.name in _METADATA:
        return "metadata_write_body"
    return TAGS[endpoint.name.partition(".")[0]].write_body
