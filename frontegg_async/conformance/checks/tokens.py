"""Checks of API tokens, access tokens and sessions, all of accounts and users of the kit."""

from __future__ import annotations

import base64
import json
from contextlib import suppress
from email.utils import parsedate_to_datetime
from functools import partial
from typing import Final, cast

from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.secret import Hidden
from frontegg_async.conformance.answer import Answer, at
from frontegg_async.conformance.check import Difference, NotTriedError, Topic
from frontegg_async.conformance.checks.neighbours import (
    NO_ID,
    PEOPLE,
    Member,
    api_credentials,
    api_session,
    api_token,
    as_user,
    child,
    exchange,
    invitation,
    link,
    member,
    need,
    need_text,
    own_role,
    sub_accounts_opened,
)
from frontegg_async.conformance.probe import Probe
from frontegg_async.endpoints import (
    Auth,
    Endpoint,
    Evidence,
    access_tokens,
    api_tokens,
    me,
    permissions,
    sessions,
    sub_tenants,
    tenants,
)
from frontegg_async.endpoints import users as user_operations

TOPIC: Final = Topic("tokens and sessions")
_check: Final = TOPIC.check

_SPARE: Final = "second"


async def _api_tokens(probe: Probe) -> Answer:
    """Return the API tokens of the account where the first was made, listed once a run."""
    need(await api_token(probe), "an API token could not be made")
    tenant_id = await probe.account(PEOPLE)
    return await probe.once("API tokens", lambda: probe.ask(api_tokens.LIST, tenant_id=tenant_id))


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
    "An API token that is given roles and permissions is made",
    Evidence.ASSUMED,
    "roles_and_permissions",
    writes=True,
)
async def _both(probe: Probe) -> Difference:
    role_id = await own_role(probe)
    listed = await probe.once("permissions", lambda: probe.ask(permissions.LIST))
    permission_id = need_text(at(listed.items, 0, "id"), "the environment has no permission")
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
    "An update of an API token with nothing in it answers 400", Evidence.ASSUMED, "empty_credential_update", writes=True
)
async def _empty_update(probe: Probe) -> Difference:
    listed, tenant_id = await _api_tokens(probe), await probe.account(PEOPLE)
    token_id = need_text(listed.at(0, "clientId"), "API tokens are not listed")
    answer = await probe.ask(api_tokens.UPDATE, {"id": token_id}, body={}, tenant_id=tenant_id)
    return answer.unless(answer.status == 400)


@_check("The first version exchanges an API token for names in camel case", Evidence.CLIENT, writes=True)
async def _first_version(probe: Probe) -> Difference:
    answer = await api_session(probe)
    return answer.unless(
        answer.status == 200
        and isinstance(answer.at("accessToken"), str)
        and isinstance(answer.at("refreshToken"), str)
    )


@_check("The second version exchanges an API token for names with underscores", Evidence.DOCUMENTED, writes=True)
async def _second_version(probe: Probe) -> Difference:
    answer = await _second_session(probe)
    return answer.unless(isinstance(answer.at("access_token"), str) and isinstance(answer.at("refresh_token"), str))


async def _second_session(probe: Probe) -> Answer:
    """Return the answer to the exchange of an API token by the second version, made once a run."""

    async def make() -> Answer:
        credentials = await api_credentials(probe)
        return await probe.ask(sessions.EXCHANGE_API_TOKEN, body=credentials, auth=Auth.NONE)

    return await probe.once("session of an API token by the second version", make)


@_check("The token of an API token has sub, iss, aud, exp, iat, type and tenantId", Evidence.DOCUMENTED, writes=True)
async def _api_token_claims(probe: Probe) -> Difference:
    claims = _claims_of(need_text((await api_session(probe)).at("accessToken"), "an API token cannot be exchanged"))
    missing = [name for name in ("sub", "iss", "aud", "exp", "iat", "type", "tenantId") if name not in claims]
    return f"it has no {' and no '.join(missing)}" if missing else None


@_check("The type of the token of an API token is tenantApiToken", Evidence.CLIENT, writes=True)
async def _api_token_type(probe: Probe) -> Difference:
    claims = _claims_of(need_text((await api_session(probe)).at("accessToken"), "an API token cannot be exchanged"))
    return None if claims.get("type") == "tenantApiToken" else "it is another"


@_check("The header of a token has alg, typ and kid", Evidence.CLIENT, writes=True)
async def _header(probe: Probe) -> Difference:
    token = need_text((await api_session(probe)).at("accessToken"), "an API token cannot be exchanged")
    return None if {"alg", "typ", "kid"} <= _part_of(token, 0).keys() else "it has not"


@_check("A session says in the form of HTTP dates when it ends", Evidence.CLIENT, "session_expires", writes=True)
async def _expires(probe: Probe) -> Difference:
    text = need_text((await api_session(probe)).at("expires"), "a session does not say when it ends")
    try:
        parsedate_to_datetime(text)
    except ValueError:
        return "it is in another form"
    return None


async def _renewed(probe: Probe, token: JsonValue) -> Answer:
    """Return the answer to a refresh token of an API token, by the second version."""
    body: JsonValue = {"refreshToken": need_text(token, "an API token cannot be exchanged")}
    return await probe.ask(sessions.REFRESH_API_TOKEN, body=body, auth=Auth.NONE)


async def _second_renewed(probe: Probe) -> Answer:
    async def renew() -> Answer:
        return await _renewed(probe, (await _second_session(probe)).at("refresh_token"))

    return await probe.once("renewed session of an API token", renew)


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
    "A refresh token that is used again is refused, and ends its session",
    Evidence.ASSUMED,
    "refresh_reuse",
    writes=True,
)
async def _reuse(probe: Probe) -> Difference:
    renewed = need(await _second_renewed(probe), "a session cannot be renewed")
    if (await _renewed(probe, (await _second_session(probe)).at("refresh_token"))).is_done:
        return "it is taken again"
    answer = await _renewed(probe, renewed.at("refresh_token"))
    return "it is refused, and the session goes on" if answer.is_done else None


async def _signed_in(probe: Probe, user: Member, **more: JsonValue) -> Answer:
    """Return the answer to a sign-in with the password that the kit gave its user."""
    session = need_text((await api_session(probe)).at("accessToken"), "an API token cannot be exchanged")
    body: JsonValue = {"email": user.email, "password": user.password, **more}
    # Through the client of a token, which knows the environment's sub-domain; the token is not sent.
    return await probe.ask(sessions.LOGIN, body=body, auth=Auth.NONE, user=as_user(probe, session))


async def _ann_signed_in(probe: Probe) -> Answer:
    async def sign_in() -> Answer:
        ann = await member(probe)
        need(await probe.ask(user_operations.VERIFY, {"user_id": ann.id}), "a user could not be verified")
        return need(await _signed_in(probe, ann), "a user cannot sign in with a password")

    return await probe.once("session of a user", sign_in)


@_check("A sign-in answers with tokens, their life, and mfaRequired", Evidence.DOCUMENTED, writes=True)
async def _sign_in(probe: Probe) -> Difference:
    answer = await _ann_signed_in(probe)
    texts = all(isinstance(answer.at(name), str) for name in ("accessToken", "refreshToken", "expires"))
    return answer.unless(
        texts and isinstance(answer.at("expiresIn"), int | float) and isinstance(answer.at("mfaRequired"), bool)
    )


@_check("The type of a user's token is userToken", Evidence.CLIENT, writes=True)
async def _user_type(probe: Probe) -> Difference:
    claims = _claims_of(need_text((await _ann_signed_in(probe)).at("accessToken"), "a sign-in has no access token"))
    return None if claims.get("type") == "userToken" else "it is another"


async def _refreshed(probe: Probe, token: str, **headers: str) -> Answer:
    """Return the answer to a refresh as a browser makes it: at the sub-domain, with headers that tell where it is."""
    user = as_user(probe, need_text((await api_session(probe)).at("accessToken"), "an API token cannot be exchanged"))
    return await probe.send_plainly(
        "POST",
        f"{user.base_url}{await probe.prefix_of(user)}{sessions.REFRESH.path}",
        Hidden({"frontegg-vendor-host": user.base_url.host, **headers}),
        Hidden({"refreshToken": token}),
    )


async def _refresh(probe: Probe) -> Answer:
    async def refresh() -> Answer:
        signed_in = await _ann_signed_in(probe)
        return await _refreshed(probe, need_text(signed_in.at("refreshToken"), "a sign-in has no refresh token"))

    return await probe.once("refresh of a user", refresh)


@_check("The refresh of a user with frontegg-vendor-host answers 201 with new tokens", Evidence.DOCUMENTED, writes=True)
async def _refreshes(probe: Probe) -> Difference:
    answer = await _refresh(probe)
    return answer.unless(answer.status == 201 and isinstance(answer.at("refreshToken"), str))


@_check("The refresh token of the body counts if a cookie has another", Evidence.ASSUMED, "refresh_source", writes=True)
async def _source(probe: Probe) -> Difference:
    answer = await _with_cookie(probe)
    return answer.unless(answer.is_done)


async def _with_cookie(probe: Probe) -> Answer:
    """Return the answer to a refresh with a cookie that has another token, made once a run."""

    async def refresh() -> Answer:
        answer = need(await _refresh(probe), "a user's session cannot be renewed")
        cookie = f"fe_refresh_{probe.credentials.client_id.replace('-', '', 1)}={NO_ID}"
        return await _refreshed(probe, need_text(answer.at("refreshToken"), "no refresh token came"), Cookie=cookie)

    return await probe.once("refresh of a user with a cookie", refresh)


@_check(
    "The refresh of a user without frontegg-vendor-host answers 400",
    Evidence.DOCUMENTED,
    "missing_vendor_host",
    writes=True,
)
async def _vendor_host(probe: Probe) -> Difference:
    with_cookie = await _with_cookie(probe)
    last = with_cookie if with_cookie.is_done else await _refresh(probe)
    token = need_text(need(last, "a user's session cannot be renewed").at("refreshToken"), "no refresh token came")
    answer = await probe.ask(sessions.REFRESH, body={"refreshToken": token}, auth=Auth.NONE)
    return answer.unless(answer.status == 400)


@_check("The hierarchy of a user is of nested nodes", Evidence.ASSUMED, "user_hierarchy", writes=True)
async def _hierarchy(probe: Probe) -> Difference:
    token = need_text((await _ann_signed_in(probe)).at("accessToken"), "a sign-in has no access token")
    answer = await probe.ask(me.HIERARCHY, user=as_user(probe, token))
    row = answer.at(0)
    if not isinstance(row, dict):
        raise NotTriedError(f"the hierarchy of a user cannot be read: {answer.status}")
    return answer.unless("parentTenantId" not in row)


@_check("A user cannot switch to an account where it is not: 403", Evidence.ASSUMED, "switch_not_member", writes=True)
async def _not_member(probe: Probe) -> Difference:
    ann, elsewhere = await member(probe), await probe.account("first")
    answer = await probe.ask(me.SWITCH_TENANT, body={"tenantId": elsewhere}, tenant_id=ann.tenant_id, user_id=ann.id)
    return answer.unless(answer.status == 403)


@_check("A user who is disabled in a tenant cannot sign in: 403", Evidence.ASSUMED, "locked_user", writes=True)
async def _disabled(probe: Probe) -> Difference:
    await _ann_signed_in(probe)
    ann = await member(probe)
    fields = {"user_id": ann.id}
    need(await probe.ask(user_operations.DISABLE, fields, tenant_id=ann.tenant_id), "a user could not be disabled")
    answer = await _signed_in(probe, ann)
    await probe.ask(user_operations.ENABLE, fields, tenant_id=ann.tenant_id)
    return answer.unless(answer.status == 403)


@_check(
    "A user may switch to a sub-account that the settings above it open",
    Evidence.ASSUMED,
    "switch_to_sub_account",
    writes=True,
)
async def _into_sub_account(probe: Probe) -> Difference:
    ann, below = await member(probe), await _sub_account(probe)
    answer = await probe.ask(me.SWITCH_TENANT, body={"tenantId": below}, tenant_id=ann.tenant_id, user_id=ann.id)
    return answer.unless(answer.is_done)


async def _sub_account(probe: Probe) -> str:
    """Return a sub-account of the account ``people``, open to its users."""
    need(await child(probe), "a sub-account could not be made")
    need(await sub_accounts_opened(probe), "the sub-account could not be opened")
    return probe.new_id("child")


@_check("The access of a user to sub-accounts is allowed", Evidence.DOCUMENTED, writes=True)
async def _access(probe: Probe) -> Difference:
    fields = {"user_id": (await member(probe)).id}
    answer = await probe.ask(sub_tenants.SET_USER_ACCESS, fields, body={"allowAccess": True})
    return answer.unless(answer.is_done)


@_check(
    "A sign-in with the token of an invitation enters its tenant",
    Evidence.ASSUMED,
    "invitation_at_sign_in",
    writes=True,
)
async def _invited(probe: Probe) -> Difference:
    claims = await _invited_claims(probe)
    return None if claims.get("tenantId") == await probe.account("first") else "it enters another one"


async def _invited_claims(probe: Probe) -> dict[str, JsonValue]:
    """Return what the token says of a user who signed in with an invitation, once a run."""

    async def sign_in() -> dict[str, JsonValue]:
        await _ann_signed_in(probe)
        made = need(await link(probe), "an invitation could not be made")
        token = need_text(made.at("token"), "an invitation has no token")
        answer = need(await _signed_in(probe, await member(probe), invitationToken=token), "the sign-in is refused")
        return _claims_of(need_text(answer.at("accessToken"), "a sign-in has no access token"))

    return await probe.once("sign-in with an invitation", sign_in)


@_check(
    "tenantIds of a token has the tenants of the user, and no sub-accounts that it reaches from them",
    Evidence.DOCUMENTED,
    writes=True,
)
async def _tenant_ids(probe: Probe) -> Difference:
    below, ids = await _sub_account(probe), (await _invited_claims(probe)).get("tenantIds")
    if not isinstance(ids, list):
        raise NotTriedError("the token has no tenantIds")
    if await probe.account(PEOPLE) not in ids:
        return "a tenant of the user is missing"
    return "it has a sub-account" if below in ids else None


async def _access_token(probe: Probe, account: str = PEOPLE) -> Answer:
    """Return the answer to the creation of an access token without end, made once a run for each account."""

    async def make() -> Answer:
        body = {"description": "conformance"}
        return await probe.ask(access_tokens.CREATE, body=body, tenant_id=await probe.account(account))

    return await probe.once(f"access token of {account}", make)


async def _access_token_id(probe: Probe, account: str = PEOPLE) -> str:
    answer = need(await _access_token(probe, account), "an access token could not be made")
    if isinstance(answer.at("id"), str):
        return str(answer.at("id"))
    listed = await probe.ask(access_tokens.LIST, tenant_id=await probe.account(account))
    return need_text(listed.at("accessTokens", 0, "id"), "the id of a new access token is nowhere")


async def _claims(probe: Probe) -> dict[str, JsonValue]:
    answer = need(await _access_token(probe), "an access token could not be made")
    return _claims_of(need_text(answer.at("secret"), "the JWT of a new access token is nowhere"))


def _claims_of(jwt: str) -> dict[str, JsonValue]:
    return _part_of(jwt, 1)


def _part_of(jwt: str, number: int) -> dict[str, JsonValue]:
    try:
        part = base64.urlsafe_b64decode(jwt.split(".")[number] + "==")
        return cast("dict[str, JsonValue]", dict(json.loads(part)))
    except (ValueError, LookupError, TypeError):
        raise NotTriedError("an access token is no JWT that can be read") from None


@_check("Access tokens are enabled", Evidence.ASSUMED, "access_tokens")
async def _enabled(probe: Probe) -> Difference:
    answer = await probe.ask(access_tokens.ACTIVE_TENANT_TOKENS, tenant_id=await probe.existing())
    if answer.status not in {200, 403}:
        raise NotTriedError(f"the active access tokens cannot be listed: {answer.status}")
    return answer.unless(answer.status == 200)


@_check(
    "The creation of an access token answers 201 with its id and secret",
    Evidence.DOCUMENTED,
    "token_write_body",
    writes=True,
)
async def _access_token_created(probe: Probe) -> Difference:
    answer = need(await _access_token(probe), "an access token could not be made")
    return answer.unless(
        answer.status == 201 and isinstance(answer.at("id"), str) and isinstance(answer.at("secret"), str)
    )


@_check("Access tokens are listed in accessTokens", Evidence.DOCUMENTED, writes=True)
async def _access_token_list(probe: Probe) -> Difference:
    need(await _access_token(probe), "an access token could not be made")
    answer = await probe.ask(access_tokens.LIST, tenant_id=await probe.account(PEOPLE))
    return answer.unless(isinstance(answer.at("accessTokens", 0), dict))


@_check("An unknown access token answers 404", Evidence.ASSUMED)
async def _unknown_access_token(probe: Probe) -> Difference:
    answer = await probe.ask(access_tokens.TENANT_TOKEN, {"id": NO_ID})
    if answer.status == 403:
        raise NotTriedError("access tokens are not enabled")
    return answer.unless(answer.status == 404)


@_check("The sub of an access token is its id, and its roles are to be looked up", Evidence.CLIENT, writes=True)
async def _access_token_claims(probe: Probe) -> Difference:
    claims = await _claims(probe)
    if claims.get("sub") != await _access_token_id(probe):
        return "its sub is something else"
    return None if claims.get("roles") == ["FETCH-ROLES-BY-API"] else "its roles are something else"


async def _of_ann(probe: Probe, operation: Endpoint[object]) -> Answer:
    ann = await member(probe)
    return await probe.ask(operation, body={"description": "conformance"}, tenant_id=ann.tenant_id, user_id=ann.id)


@_check(
    "The creation of a user's API token answers 201 with its secret",
    Evidence.DOCUMENTED,
    "token_write_body",
    writes=True,
)
async def _user_api_token(probe: Probe) -> Difference:
    answer = await _of_ann(probe, api_tokens.CREATE_OF_USER)
    return answer.unless(
        answer.status == 201 and isinstance(answer.at("clientId"), str) and isinstance(answer.at("secret"), str)
    )


@_check("The secret of a user's access token is a JWT of the type userAccessToken", Evidence.CLIENT, writes=True)
async def _user_access_token(probe: Probe) -> Difference:
    answer = need(await _of_ann(probe, access_tokens.CREATE_OF_USER), "an access token could not be made")
    claims = _claims_of(need_text(answer.at("secret"), "the JWT of a new access token is nowhere"))
    return None if claims.get("type") == "userAccessToken" else "it has another type"


@_check("The secret of an access token is a JWT of the type tenantAccessToken", Evidence.CLIENT, writes=True)
async def _jwt(probe: Probe) -> Difference:
    return None if (await _claims(probe)).get("type") == "tenantAccessToken" else "it has another type"


@_check("An access token without end has no exp", Evidence.ASSUMED, "endless_access_token", writes=True)
async def _endless(probe: Probe) -> Difference:
    return "it has one" if "exp" in await _claims(probe) else None


@_check("An access token is looked up without a tenant, with its roles", Evidence.CLIENT, writes=True)
async def _looked_up(probe: Probe) -> Difference:
    answer = await probe.ask(access_tokens.TENANT_TOKEN, {"id": await _access_token_id(probe)})
    return answer.unless(isinstance(answer.at("roles"), list) and isinstance(answer.at("permissions"), list))


@_check(
    "An access token of another tenant than in the header answers 404",
    Evidence.ASSUMED,
    "foreign_access_token",
    writes=True,
)
async def _foreign(probe: Probe) -> Difference:
    fields, elsewhere = {"id": await _access_token_id(probe)}, await probe.account("first")
    answer = await probe.ask(access_tokens.TENANT_TOKEN, fields, tenant_id=elsewhere)
    return answer.unless(answer.status == 404)


_LOCKED: Final = "locked"


async def _lock(probe: Probe) -> str:
    """Return the id of an account that is locked, after what is in it was made, as far as it could be."""
    need(await _locked(probe), "an account could not be locked")
    return await probe.account(_LOCKED)


async def _locked(probe: Probe) -> Answer:
    """Return the answer to the lock of the account, made once a run."""

    async def make() -> Answer:
        tenant_id = await probe.account(_LOCKED)
        for prepare in (
            partial(api_token, probe, _LOCKED),
            partial(_access_token, probe, _LOCKED),
            partial(_lou, probe),
        ):
            with suppress(NotTriedError):  # the check that needs it says so
                await prepare()
        return await probe.ask(tenants.LOCK, body={"tenantIds": [tenant_id]})

    return await probe.once("lock of an account", make)


async def _lou(probe: Probe) -> Member:
    """Return a user whose active account is the one that is locked, and who is in another."""
    lou = await member(probe, "lou", _LOCKED)

    async def join() -> Member:
        body: JsonValue = {
            "tenantId": await probe.account(PEOPLE),
            "validateTenantExist": True,
            "skipInviteEmail": True,
        }
        need(
            await probe.ask(user_operations.ADD_TO_TENANT, {"user_id": lou.id}, body=body), "a user could not be added"
        )
        probe.note_row(user_operations.REMOVE, {"user_id": lou.id}, await probe.account(PEOPLE))
        need(await probe.ask(user_operations.VERIFY, {"user_id": lou.id}), "a user could not be verified")
        await _lou_signed_in(probe, lou)
        return lou

    return await probe.once("user of a locked account", join)


async def _lou_signed_in(probe: Probe, lou: Member) -> Answer:
    """Return the answer to a sign-in of the user before the account is locked."""

    async def sign_in() -> Answer:
        return need(await _signed_in(probe, lou), "a user cannot sign in with a password")

    return await probe.once("session in a locked account", sign_in)


async def _locked_exchange(probe: Probe) -> Answer:
    await _lock(probe)
    return await probe.once("exchange in a locked account", lambda: exchange(probe, _LOCKED))


@_check("The API tokens of a locked account are refused", Evidence.ASSUMED, "locked_api_tokens", writes=True)
async def _locked_api_tokens(probe: Probe) -> Difference:
    answer = await _locked_exchange(probe)
    return answer.unless(not answer.is_done)


@_check("A locked account refuses a session with 403", Evidence.ASSUMED, "locked_tenant", writes=True)
async def _locked_status(probe: Probe) -> Difference:
    answer = await _locked_exchange(probe)
    if answer.is_done:
        raise NotTriedError("it does not refuse API tokens")
    return answer.unless(answer.status == 403)


@_check("A user whose active account is locked cannot sign in", Evidence.ASSUMED, "locked_active_tenant", writes=True)
async def _locked_active(probe: Probe) -> Difference:
    await _lock(probe)
    answer = await _signed_in(probe, await _lou(probe))
    return answer.unless(not answer.is_done)


@_check(
    "The access tokens of a locked account can be looked up",
    Evidence.ASSUMED,
    "access_tokens_of_locked_tenant",
    writes=True,
)
async def _locked_look_up(probe: Probe) -> Difference:
    await _lock(probe)
    answer = await probe.ask(access_tokens.TENANT_TOKEN, {"id": await _access_token_id(probe, _LOCKED)})
    return answer.unless(answer.is_done)


@_check("A session in a locked account cannot be renewed", Evidence.DOCUMENTED, "locked_active_tenant", writes=True)
async def _locked_refresh(probe: Probe) -> Difference:
    await _lock(probe)
    session = await _lou_signed_in(probe, await _lou(probe))
    answer = await _refreshed(probe, need_text(session.at("refreshToken"), "a sign-in has no refresh token"))
    return answer.unless(not answer.is_done)


@_check("A user cannot switch into a locked account", Evidence.DOCUMENTED, writes=True)
async def _locked_switch(probe: Probe) -> Difference:
    lou, locked = await _lou(probe), await _lock(probe)
    answer = await probe.ask(
        me.SWITCH_TENANT, body={"tenantId": locked}, tenant_id=await probe.account(PEOPLE), user_id=lou.id
    )
    return answer.unless(not answer.is_done)


@_check("An invitation to a locked account fails", Evidence.DOCUMENTED, writes=True)
async def _locked_invitation(probe: Probe) -> Difference:
    locked = await _lock(probe)
    _, _, answer = await invitation(probe, "nobody", _LOCKED)
    if isinstance(answer.at("id"), str):
        probe.note_row(user_operations.REMOVE, {"user_id": str(answer.at("id"))}, locked)
    return answer.unless(not answer.is_done)


# The last, since the others need the lock.
@_check("A lock and an unlock answer 204", Evidence.DOCUMENTED, writes=True)
async def _unlock(probe: Probe) -> Difference:
    locked, tenant_id = await _locked(probe), await probe.account(_LOCKED)
    opened = await probe.ask(tenants.UNLOCK, body={"tenantIds": [tenant_id]})
    return locked.unless(locked.status == 204) or opened.unless(opened.status == 204)


for _name, _evidence, _why in (
    (
        "The first version creates API tokens, too",
        Evidence.DOCUMENTED,
        "the SDK calls the second one, and the budget has no requests for it",
    ),
    (
        "The third version of a user's tenants has them beside the active one",
        Evidence.CLIENT,
        "the SDK calls the second one, and the budget has no requests for it",
    ),
    (
        "The ids of the users' access tokens that are valid are an array",
        Evidence.DOCUMENTED,
        "those of tenants are tried, and the budget has no requests for it",
    ),
    (
        "No user can switch between accounts with login boxes of their own",
        Evidence.ASSUMED,
        "no operation gives an account a login box",
    ),
):
    TOPIC.untried(_name, _evidence, why=_why)
TOPIC.untried(
    "A look-up of an expired access token answers 404",
    Evidence.ASSUMED,
    "expired_access_token",
    why="a token would have to expire first, and the kit waits for nothing",
)
TOPIC.untried(
    "The lifetime of a refresh token starts again when it is exchanged",
    Evidence.ASSUMED,
    "refresh_life",
    why="only weeks later can it be seen",
)
TOPIC.untried(
    "An API token has at most 100 valid refresh tokens",
    Evidence.DOCUMENTED,
    why="it would take more than a hundred requests",
)
