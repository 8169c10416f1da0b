"""Responses to writes without their bodies, where a switch of `WriteBehaviour` says so."""

from __future__ import annotations

from typing import Final

import attrs

from frontegg_async.emulator.behaviour.writes import WriteBehaviour, WriteBody
from frontegg_async.emulator.rules.emulated_response import EMPTY, EmulatedResponse
from frontegg_async.endpoints import Endpoint, Retry

_METADATA: Final = frozenset({"tenants.add_metadata", "tenants.delete_metadata"})
_NO_CONTENT: Final = 204

_FAMILIES: Final = {
    "tenants": "tenant_write_body",
    "tenant": "tenant_write_body",
    "sub_tenants": "sub_tenant_write_body",
    "hierarchy": "hierarchy_write_body",
    "account_settings": "settings_write_body",
    "sso": "sso_write_body",
    "api_tokens": "token_write_body",
    "user_api_tokens": "token_write_body",
    "access_tokens": "token_write_body",
    "user_access_tokens": "token_write_body",
    "me": "user_write_body",
    "migrations": "migration_write_body",
}
"""The switch of an operation, by the first part of its name."""


def apply_write_body(
    response: EmulatedResponse, endpoint: Endpoint[object], behaviour: WriteBehaviour
) -> EmulatedResponse:
    """Return the response to a write, without its body if a switch says so.

    Args:
        response: The response of the rule.
        endpoint: The operation; responses to reads do not change.
        behaviour: The switches.
    """
    name = write_body_switch(endpoint)
    wanted: WriteBody = "object" if name is None else getattr(behaviour, name)
    if wanted == "object":
        return response
    return attrs.evolve(response, body=EMPTY, status=_NO_CONTENT if wanted == "no_content" else response.status)


def write_body_switch(endpoint: Endpoint[object]) -> str | None:
    """Return the name of the switch of an operation; ``None`` for a read and for the exchange of tokens."""
    if endpoint.retry is Retry.SAFE:
        return None
    if endpoint.name in _METADATA:
        return "metadata_write_body"
    return _FAMILIES.get(endpoint.name.partition(".")[0])
