"""Checks of the API tokens of accounts, and of their sessions."""

from __future__ import annotations

from email.utils import parsedate_to_datetime
from typing import Final

from frontegg_async._values.json_values import JsonValue
from frontegg_async.conformance.answer import Answer
from frontegg_async.conformance.check import Difference, Topic
from frontegg_async.conformance.checks.shared import (
    NO_ID,
    PEOPLE,
    api_access_token,
    api_credentials,
    api_session,
    api_token,
    environment_permissions,
    need,
    need_text,
    own_role,
)
from frontegg_async.conformance.jwt_parts import claims_of, part_of
from frontegg_async.conformance.not_tried import NotTriedError
from frontegg_async.conformance.probe import Probe, once_a_run
from frontegg_async.endpoints import Auth, Evidence, api_tokens, sessions

TOPIC: Final = Topic("API tokens")
_check: Final = TOPIC.check

_SPARE: Final = "second"


@once_a_run
async def _api_tokens(probe: Probe) -> Answer:
    """Return the API tokens of the account in which the kit made the first one."""
    need(await api_token(probe), "an API token could not be made")
    return await probe.ask(api_tokens.LIST, tenant_id=await probe.account(PEOPLE))


@_check(
    "The creation of an API token answers 201 with its secret", Evidence.DOCUMENTED, "token_write_body", writes=True
)
async def _created(probe: Probe) -> Difference:
    answer = await api_token(probe)
    return answer.unless(
        answer.status == 201 and isinstance(answer.at("clientId"), str) and isinstance(answer.at("secret"), str)
    )


@_check("API tokens are listed with their tenant", Evidence.DOCUMENTED, "api_token_tenant", writes=True)
async def _tenant(probe: Probe) -> Difference:
    answer, tenant_id = await _api_tokens(probe), await probe.account(PEOPLE)
    if not isinstance(answer.at(0), dict):
        raise NotTriedError(f"API tokens are not listed: {answer.status}")
    return answer.unless(answer.at(0, "tenantId") == tenant_id)


@_check("API tokens are listed without their secrets", Evidence.DOCUMENTED, writes=True)
async def _secrets(probe: Probe) -> Difference:
    answer = await _api_tokens(probe)
    return answer.unless(isinstance(answer.at(0), dict) and answer.at(0, "secret") is None)


async def _created_with(probe: Probe, **ids: JsonValue) -> Answer:
    return await probe.ask(
        api_tokens.CREATE, body={"description": "conformance", **ids}, tenant_id=await probe.account(PEOPLE)
    )


@_check("An API token takes ids of roles that do not exist", Evidence.ASSUMED, "given_role_ids", writes=True)
async def _unknown_roles(probe: Probe) -> Difference:
    answer = await _created_with(probe, roleIds=[NO_ID])
    return answer.unless(answer.is_done)


@_check(
    "An API token may have both roles and permissions",
    Evidence.ASSUMED,
    "roles_and_permissions",
    writes=True,
)
async def _both(probe: Probe) -> Difference:
    role_id = await own_role(probe)
    permission_id = need_text((await environment_permissions(probe)).at(0, "id"), "the environment has no permission")
    answer = await _created_with(probe, roleIds=[role_id], permissionIds=[permission_id])
    return answer.unless(answer.is_done)


@_check(
    "An API token may have neither roles nor permissions",
    Evidence.ASSUMED,
    "neither_roles_nor_permissions",
    writes=True,
)
async def _neither(probe: Probe) -> Difference:
    answer = await api_token(probe, _SPARE)
    return answer.unless(answer.is_done)


@_check(
    "An update of an API token with an empty body answers 400", Evidence.ASSUMED, "empty_credential_update", writes=True
)
async def _empty_update(probe: Probe) -> Difference:
    listed, tenant_id = await _api_tokens(probe), await probe.account(PEOPLE)
    token_id = need_text(listed.at(0, "clientId"), "API tokens are not listed")
    answer = await probe.ask(api_tokens.UPDATE, {"id": token_id}, body={}, tenant_id=tenant_id)
    return answer.unless(answer.status == 400)


@_check("The first version's exchange of an API token has names in camel case", Evidence.CLIENT, writes=True)
async def _first_version(probe: Probe) -> Difference:
    answer = await api_session(probe)
    return answer.unless(
        answer.status == 200
        and isinstance(answer.at("accessToken"), str)
        and isinstance(answer.at("refreshToken"), str)
    )


@_check("The second version's exchange of an API token has names with underscores", Evidence.DOCUMENTED, writes=True)
async def _second_version(probe: Probe) -> Difference:
    answer = await _second_session(probe)
    return answer.unless(isinstance(answer.at("access_token"), str) and isinstance(answer.at("refresh_token"), str))


@once_a_run
async def _second_session(probe: Probe) -> Answer:
    """Return the answer to the second version's exchange of an API token."""
    credentials = await api_credentials(probe)
    return await probe.ask(sessions.EXCHANGE_API_TOKEN, body=credentials, auth=Auth.NONE)


@_check(
    "The access token of an API token has sub, iss, aud, exp, iat, type and tenantId", Evidence.DOCUMENTED, writes=True
)
async def _api_token_claims(probe: Probe) -> Difference:
    claims = claims_of(await api_access_token(probe))
    missing = [name for name in ("sub", "iss", "aud", "exp", "iat", "type", "tenantId") if name not in claims]
    return f"the token has no {' and no '.join(missing)}" if missing else None


@_check("The access token of an API token has the type tenantApiToken", Evidence.CLIENT, writes=True)
async def _api_token_type(probe: Probe) -> Difference:
    claims = claims_of(await api_access_token(probe))
    return None if claims.get("type") == "tenantApiToken" else "the token has another type"


@_check("The header of a token has alg, typ and kid", Evidence.CLIENT, writes=True)
async def _header(probe: Probe) -> Difference:
    header = part_of(await api_access_token(probe), 0)
    return None if {"alg", "typ", "kid"} <= header.keys() else "a field is missing"


@_check("A session has the time of its end as an HTTP date", Evidence.CLIENT, "session_expires", writes=True)
async def _expires(probe: Probe) -> Difference:
    text = need_text((await api_session(probe)).at("expires"), "a session has no expires")
    try:
        parsedate_to_datetime(text)
    except ValueError:
        return "the time has another form"
    return None


async def _renewed(probe: Probe, token: JsonValue) -> Answer:
    """Return the answer to the second version's refresh of an API token's session."""
    body: JsonValue = {"refreshToken": need_text(token, "an API token cannot be exchanged")}
    return await probe.ask(sessions.REFRESH_API_TOKEN, body=body, auth=Auth.NONE)


@once_a_run
async def _second_renewed(probe: Probe) -> Answer:
    return await _renewed(probe, (await _second_session(probe)).at("refresh_token"))


@_check(
    "The second version renews the session of an API token with a new refresh token", Evidence.DOCUMENTED, writes=True
)
async def _renews(probe: Probe) -> Difference:
    answer, before = await _second_renewed(probe), (await _second_session(probe)).at("refresh_token")
    return answer.unless(answer.is_done and isinstance(answer.at("refresh_token"), str)) or (
        "the refresh token is the same" if answer.at("refresh_token") == before else None
    )


@_check("The first version renews the session of an API token, too", Evidence.CLIENT, writes=True)
async def _renews_first(probe: Probe) -> Difference:
    token = need_text((await api_session(probe)).at("refreshToken"), "an API token cannot be exchanged")
    answer = await probe.ask(sessions.REFRESH_API_TOKEN_V1, body={"refreshToken": token}, auth=Auth.NONE)
    return answer.unless(answer.is_done and isinstance(answer.at("refreshToken"), str))


@_check(
    "The second use of a refresh token is refused, and ends its session",
    Evidence.ASSUMED,
    "refresh_reuse",
    writes=True,
)
async def _reuse(probe: Probe) -> Difference:
    renewed = need(await _second_renewed(probe), "a session cannot be renewed")
    if (await _renewed(probe, (await _second_session(probe)).at("refresh_token"))).is_done:
        return "the refresh token is accepted again"
    answer = await _renewed(probe, renewed.at("refresh_token"))
    return "the refresh token is refused, but the session continues" if answer.is_done else None


TOPIC.untried(
    "The first version creates API tokens, too",
    Evidence.DOCUMENTED,
    why="the SDK uses the second version, and the budget has no requests for the first",
)
TOPIC.untried(
    "The lifetime of a refresh token starts again when it is exchanged",
    Evidence.ASSUMED,
    "refresh_life",
    why="the effect shows only weeks later",
)
TOPIC.untried(
    "An API token has at most 100 valid refresh tokens",
    Evidence.DOCUMENTED,
    why="it would take more than a hundred requests",
)
