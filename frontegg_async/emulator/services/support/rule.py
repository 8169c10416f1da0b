"""`Rule`: the emulation of an operation without HTTP. `Tag`: a group of operations."""

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
"""A function that returns the claims of the token that a request would get. It may raise `RequestRefusedError`.

The function changes nothing.
"""
Environments: TypeAlias = Mapping[str, EmulatedEnvironment]
"""All environments by their client ids. The default environment is first."""
Locate: TypeAlias = Callable[[Environments, Mapping[str, JsonValue], Mapping[str, str]], EmulatedEnvironment | None]
"""A function that finds the environment of a request without a token. It uses the body and the headers."""


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
    """The emulation of an operation. The result depends only on the environment and the request.

    Args:
        run: The function that changes the state of the environment and returns the response. If it raises
        `RequestRefusedError`, it changes nothing.
        permission: The permission that the caller needs with a user token.
        optional: The fields of the body that the service does not require, although the SDK always sends them.
        any_json: The fields of the body whose values the rule checks itself.
        takes_tenant_header: Whether an operation that accepts only environment tokens accepts the tenant header.
        needs_no_tenant: The function that returns whether the switches allow environment tokens without a tenant
            header.
        secret_fields: The fields of the path whose values the journal hides.
        outlives_tenant: Whether a user whose tenant was deleted may call the operation.
        takes_slash: Whether Frontegg's own SDKs send an extra slash in the path, either at the end or doubled.
        locate: The function that finds the environment of a request without a token. An operation with it needs no
            token.
        prehook: The event before which prehooks are called.
        prepare: The function that checks the credentials in a request for a token. If it refuses them, no prehook is
            called.
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
    """A group of operations. The names of the operations begin with the same part.

    Args:
        description: The description of the group in the OpenAPI document.
        write_body: The switch for the bodies of responses to writes, or ``None`` if all sources agree about the bodies.
        changes: The part of a tenant that the writes change. A switch can let such a change set the tenant's updatedAt.
    """

    description: str
    write_body: str | None = None
    changes: Literal["sso", "users"] | None = None


def ignores_unknown_fields(endpoint: Endpoint[object]) -> bool:
    """Return whether an operation ignores unknown fields in its body. All operations of SSO do.

    Some other operations ignore unknown fields too, since clients in production send such fields. Frontegg's Terraform
    provider sends additional fields. The portal sends the id of the webhook or policy that it changes. Another
    Terraform provider sends a whole SCIM configuration.
    """
    return endpoint.name in _LENIENT_OPERATIONS or endpoint.path.startswith(_LENIENT_PATHS)
