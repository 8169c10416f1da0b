"""The rules of the environment itself: its authentication, public keys, identity settings and details."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Final, cast
from urllib.parse import urlsplit

from frontegg_async._values.json_values import JsonValue
from frontegg_async.emulator.services.access_tokens.switches import AccessTokenSwitches
from frontegg_async.emulator.services.identity.switches import IdentitySwitches
from frontegg_async.emulator.services.sessions.token_sessions import MAX_LIVE, REFRESH_TOKEN_TTL
from frontegg_async.emulator.services.support.emulated_response import EmulatedResponse, service_error
from frontegg_async.emulator.services.support.incoming_call import IncomingCall
from frontegg_async.emulator.services.support.rule import Environments, Rule, Tag
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment

_FIXED: Final[Mapping[str, JsonValue]] = {
    "addPermissionsToJwt": True,
    "addRolesToJwt": True,
    "addSamlAttributesToJwt": False,
    "allowCustomLoginTenantSwitch": False,
    "allowNotVerifiedUsersLogin": False,
    "allowOverrideEnforcePasswordHistory": False,
    "allowOverridePasswordComplexity": False,
    "allowOverridePasswordExpiration": False,
    "allowSignups": False,
    "allowTenantInvitations": False,
    "authStrategy": "EmailAndPassword",
    "cookieSameSite": "STRICT",
    "defaultPasswordlessTokenExpiration": 300,
    "defaultRefreshTokenExpiration": REFRESH_TOKEN_TTL,
    "forcePermissions": False,
    "forceSameDeviceOnAuth": False,
    "jwtAlgorithm": "RS256",
    "machineToMachineAuthStrategy": "ClientCredentials",
    "refreshTokensRotationLimit": MAX_LIVE,
    "rotateRefreshTokens": True,
}
"""The settings that are always present (documented). Their values match the emulator."""


def _locate(
    environments: Environments, body: Mapping[str, JsonValue], _headers: Mapping[str, str]
) -> EmulatedEnvironment | None:
    client_id = body.get("clientId")
    return environments.get(client_id) if isinstance(client_id, str) else None


def authenticate(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Exchange the client id and the secret of the environment for a token."""
    right_id = environment.client_id == call.body["clientId"]
    if not right_id or not environment.secret_is(cast("str", call.body["secret"])):
        raise service_error(401, "Invalid credentials")
    token, _grant = environment.issue_vendor_token()
    ttl = environment.settings.token_ttl
    return EmulatedResponse(body={"token": token, "expiresIn": int(ttl) if ttl.is_integer() else ttl})


def key_set(environment: EmulatedEnvironment, _call: IncomingCall) -> EmulatedResponse:
    """Return the public key that verifies tokens, as a JSON Web Key Set."""
    return EmulatedResponse(body=environment.key.key_set())


def configuration(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Return the identity settings. For users, the secret that signs tokens is omitted."""
    secret = {} if call.caller.kind == "user" else {"jwtSecret": f"emu_jwt_{environment.vendor_id}"}
    return EmulatedResponse(
        body={
            **_FIXED,
            **secret,
            "apiTokensEnabled": environment.switches[AccessTokenSwitches].access_tokens == "enabled",
            "id": environment.vendor_id,
            "publicKey": environment.key.pem,
            "defaultTokenExpiration": int(environment.settings.token_ttl),
        }
    )


def details(environment: EmulatedEnvironment, _call: IncomingCall) -> EmulatedResponse:
    """Return the details of the environment."""
    if environment.switches[IdentitySwitches].environment_details == "refuse":
        raise service_error(403, "Forbidden")
    return EmulatedResponse(
        body={
            "id": environment.vendor_id,
            "accountId": str(uuid.uuid5(uuid.UUID(environment.vendor_id), "account")),
            "name": "Emulator",
            "environment": environment.switches[IdentitySwitches].environment_type,
            "environmentName": environment.switches[IdentitySwitches].environment_type.capitalize(),
            "host": urlsplit(environment.issuer).netloc,
            "customDomain": None,
            "appURL": environment.issuer,
            "loginURL": f"{environment.issuer}/oauth",
            "allowedOrigins": [environment.issuer],
            "country": None,
        }
    )


RULES = {
    "auth.authenticate": Rule(run=authenticate, locate=_locate),
    "auth.jwks": Rule(run=key_set),
    "environment.get": Rule(run=details),
    "identity.configuration": Rule(run=configuration),
}

TAGS = {
    "auth": Tag("Tokens and keys."),
    "environment": Tag("The environment itself."),
    "identity": Tag("Settings of the environment."),
}
