"""`Rule`: what an operation does, without HTTP; `Tag`: what operations have in common."""

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
"""Returns the claims of the token that a call would get, or raises `RequestRefusedError`; it changes nothing."""
Environments: TypeAlias = Mapping[str, EmulatedEnvironment]
"""All environments by their client ids, the default one first."""
Locate: TypeAlias = Callable[[Environments, Mapping[str, JsonValue], Mapping[str, str]], EmulatedEnvironment | None]
"""Finds the environment of a request without a token, from its body and its headers."""


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
    """What an operation does; the result depends only on the environment and the call.

    Args:
        run: Changes the state of the environment and returns the response, or raises `RequestRefusedError` and changes
            nothing.
        permission: The permission that a user token needs.
        optional: Body fields that the service does not require, though the SDK always sends them.
        any_json: Body fields that the rule checks itself.
        takes_tenant_header: Whether a vendor-only operation accepts the tenant header.
        needs_no_tenant: Returns whether a switch lets calls of the environment lack the tenant header.
        secret_fields: Fields of the path that the journal does not show.
        outlives_tenant: Whether a user whose tenant was deleted may call it.
        takes_slash: Whether shipped clients call it with a slash too many: at the end of its path, or a doubled one.
        locate: Finds the environment of a request that has no token to tell it. An operation that has it needs none.
        prehook: The event before which prehooks are asked.
        prepare: Judges the credentials of a call that gets a token: prehooks are not asked about wrong ones.
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
    """The operations whose names begin alike.

    Args:
        description: What they are about, for the OpenAPI document.
        write_body: The name of the switch for the bodies of their writes; none where all sources agree.
        changes: What their writes change about the tenant of the call, if a switch may let that move its updatedAt.
    """

    description: str
    write_body: str | None = None
    changes: Literal["sso", "users"] | None = None


def ignores_unknown_fields(endpoint: Endpoint[object]) -> bool:
    """Return whether an operation ignores unknown body fields, as the whole SSO service does.

    Some others do, too: Frontegg's Terraform provider sends fields that they do not have, and its portal sends the
    id of a webhook or a policy that it changes. Another provider in production sends a whole SCIM configuration.
    """
    return endpoint.name in _LENIENT_OPERATIONS or endpoint.path.startswith(_LENIENT_PATHS)
