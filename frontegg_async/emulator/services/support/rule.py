"""`Rule`: the behaviour of an operation, without HTTP. `Tag`: a group of operations."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, Literal, TypeAlias

import attrs

from frontegg_async._values.json_values import JsonValue
from frontegg_async.emulator.services.support.emulated_response import EmulatedResponse
from frontegg_async.emulator.services.support.incoming_call import IncomingCall
from frontegg_async.emulator.store.switches import Switches
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment
from frontegg_async.endpoints import Endpoint

Run: TypeAlias = Callable[[EmulatedEnvironment, IncomingCall], EmulatedResponse]
Prepare: TypeAlias = Callable[[EmulatedEnvironment, IncomingCall], Mapping[str, JsonValue]]
"""A function that returns the claims of the token that a request would get, or raises `RequestRefusedError`.

It changes nothing.
"""
Environments: TypeAlias = Mapping[str, EmulatedEnvironment]
"""All environments by their client ids. The default environment is first."""
Locate: TypeAlias = Callable[[Environments, Mapping[str, JsonValue], Mapping[str, str]], EmulatedEnvironment | None]
"""A function that finds the environment of a request without a token, from its body and its headers."""


_LENIENT_PATHS: Final = (
    "/audits/export/",
    "/event/",
    "/team/",
    "/identity/resources/configurations/v1/lockout-policy",
    "/identity/resources/configurations/v1/mfa-policy",
    "/identity/resources/configurations/v1/password-history-policy",
    "/identity/resources/permissions/",
    "/identity/resources/roles/",
    "/prehooks/",
    "/webhook",
)
_LENIENT_OPERATIONS: Final = frozenset({"scim.create", "users.update"})


@attrs.frozen(kw_only=True)
class Rule:
    """The behaviour of an operation. The result depends only on the environment and the request.

    Args:
        run: Changes the state of the environment and returns the response. If it raises `RequestRefusedError`, it
            changes nothing.
        permission: The permission that a user token needs.
        optional: Body fields that the service does not require, although the SDK always sends them.
        any_json: Body fields that the rule checks itself.
        takes_tenant_header: Whether a vendor-only operation accepts the tenant header.
        needs_no_tenant: Returns whether a switch allows requests of the environment without the tenant header.
        secret_fields: Fields of the path that the journal does not show.
        outlives_tenant: Whether a user whose tenant was deleted may call the operation.
        takes_slash: Whether shipped clients send an extra slash in the path: at the end, or a doubled slash.
        locate: Finds the environment of a request without a token. An operation with ``locate`` needs no token.
        prehook: The event before which prehooks are called.
        prepare: Checks the credentials of a request for a token. Prehooks are not called for wrong credentials.
    """

    run: Run
    permission: str | None = None
    optional: tuple[str, ...] = ()
    any_json: tuple[str, ...] = ()
    takes_tenant_header: bool = False
    needs_no_tenant: Callable[[Switches], bool] | None = None
    secret_fields: tuple[str, ...] = ()
    outlives_tenant: bool = False
    takes_slash: bool = False
    locate: Locate | None = None
    prehook: str | None = None
    prepare: Prepare | None = None


@attrs.frozen
class Tag:
    """The group of operations whose names have the same first part.

    Args:
        description: The description of the group in the OpenAPI document.
        write_body: The name of the switch for the bodies of responses to writes; none if all sources agree.
        changes: The part of the tenant that writes change, if a switch may let this move the tenant's updatedAt.
    """

    description: str
    write_body: str | None = None
    changes: Literal["sso", "users"] | None = None


def ignores_unknown_fields(endpoint: Endpoint[object]) -> bool:
    """Return whether an operation ignores unknown body fields, like all operations of SSO.

    Some other operations ignore them too, since clients in production send such fields. Frontegg's Terraform provider
    sends unknown fields. The portal sends the id of a changed webhook or policy. Another provider sends a whole SCIM
    configuration.
    """
    return endpoint.name in _LENIENT_OPERATIONS or endpoint.path.startswith(_LENIENT_PATHS)
