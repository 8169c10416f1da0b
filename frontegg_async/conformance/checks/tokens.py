"""Checks of API tokens, access tokens and sessions, all of accounts and users of the kit."""

from __future__ import annotations

import base64
import json
from contextlib import suppress
from email.utils import parsedate_to_datetime
from functools import partial
from typing import Final, cast

from frontegg_async._values.json_values import JsonValue
from frontegg_async.conformance.answer import Answer, at
from frontegg_async.conformance.check import Difference, NotTriedError, Topic
from frontegg_async.conformance.checks.neighbours import (
    NO_ID,
    Member,
    as_user,
    lock,
    member,
    need,
    need_text,
    own_role,
)
from frontegg_async.conformance.probe import Probe
from frontegg_async.endpoints import (
    Auth,
    Evidence,
    access_tokens,
    account_settings,
    api_tokens,
    invitations,
    me,
    permissions,
    sessions,
    sub_tenants,
)
from frontegg_async.endpoints import users as user_operations

TOPIC: Final = Topic("tokens and sessions")
_check: Final = TOPIC.check

_PEOPLE: Final = "people"
_SPARE: Final = "second"


async def _api_token(probe: Probe, account: str = _PEOPLE) -> Answer:
    """Return the answer to the creation of an API token, made once a run for each account."""

    async def make() -> Answer:
        tenant_id = await probe.account(account)
        # Whether a token may have no role is a check of its own.
        role_ids: list[JsonValue] = [await own_role(probe)] if account == _PEOPLE else []
        body: JsonValue = {"description": "conformance", **({"roleIds": role_ids} if role_ids else {})}
        return await probe.ask(api_tokens.CREATE, body=body, tenant_id=tenant_id)

    return await probe.once(f"API token of {account}", make)


async def _api_tokens(probe: Probe) -> Answer:
    """Return the API tokens of the account where the first was made, listed once a run."""
    need(await _api_token(probe), "an API token could not be made")
    tenant_id = await probe.account(_PEOPLE)
    return await probe.once("API tokens", lambda: probe.ask(api_tokens.LIST, tenant_id=tenant_id))


async def _credentials(probe: Probe, account: str = _PEOPLE) -> dict[str, str]:
    answer = need(await _api_token(probe, account), "an API token could not be made")
    missing = "the secret of a new API token is nowhere"
    return {
        "clientId": need_text(answer.at("clientId"), missing),
        "secret": need_text(answer.at("secret"), missing),
    }


async def _exchange(probe: Probe, account: str = _PEOPLE) -> Answer:
    credentials = await _credentials(probe, account)
    return await probe.ask(sessions.EXCHANGE_API_TOKEN_V1, body=credentials, auth=Auth.NONE)


async def _session(probe: Probe) -> Answer:
    """Return the answer to the exchange of an API token, made once a run."""
    return await probe.once("session of an API token", lambda: _exchange(probe))


@_check(
    "The creation of an API token answers 201 with its secret", Evidence.DOCUMENTED, "token_write_body", writes=True
)
async def _created(probe: Probe) -> Difference:
    answer = await _api_token(probe)
    return answer.unless(
        answer.status == 201 and isinstance(answer.at("clientId"), str) and isinstance(answer.at("secret"), str)
    )


@_check("API tokens are listed with their tenant", Evidence.DOCUMENTED, "api_token_tenant", writes=True)
async def _tenant(probe: Probe) -> Difference:
    answer, tenant_id = await _api_tokens(probe), await probe.account(_PEOPLE)
    if not isinstance(answer.at(0), dict):
        raise NotTriedError(f"API tokens are not listed: {answer.status}")
    return answer.unless(answer.at(0, "tenantId") == tenant_id)


@_check("API tokens are listed without their secrets", Evidence.DOCUMENTED, writes=True)
async def _secrets(probe: Probe) -> Difference:
    answer = await _api_tokens(probe)
    return answer.unless(isinstance(answer.at(0), dict) and answer.at(0, "secret") is None)


async def _created_with(probe: Probe, **ids: JsonValue) -> Answer:
    return await probe.ask(
        api_tokens.CREATE, body={"description": "conformance", **ids}, tenant_id=await probe.account(_PEOPLE)
    )


@_check("An API token takes ids of roles that do not exist", Evidence.ASSUMED, "given_role_ids", writes=True)
async def _unknown_roles(probe: Probe) -> Difference:
    answer = await _created_with(probe, roleIds=[NO_ID])
    return answer.unless(answer.is_done)


@_check(
    "An API token that is given roles and permissions is made",
    Evidence.ASSUMED,
    "roles_and_permissions",
    requests=2,
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
    answer = await _api_token(probe, _SPARE)
    return answer.unless(answer.is_done)


@_check(
    "An update of an API token with nothing in it answers 400", Evidence.ASSUMED, "empty_credential_update", writes=True
)
async def _empty_update(probe: Probe) -> Difference:
    listed, tenant_id = await _api_tokens(probe), await probe.account(_PEOPLE)
    token_id = need_text(listed.at(0, "clientId"), "API tokens are not listed")
    answer = await probe.ask(api_tokens.UPDATE, {"id": token_id}, body={}, tenant_id=tenant_id)
    return answer.unless(answer.status == 400)


@_check("The first version exchanges an API token for names in camel case", Evidence.CLIENT, writes=True)
async def _first_version(probe: Probe) -> Difference:
    answer = await _session(probe)
    return answer.unless(
        answer.status == 200
        and isinstance(answer.at("accessToken"), str)
        and isinstance(answer.at("refreshToken"), str)
    )


@_check("The second version exchanges an API token for names with underscores", Evidence.DOCUMENTED, writes=True)
async def _second_version(probe: Probe) -> Difference:
    credentials = await _credentials(probe)
    answer = await probe.ask(sessions.EXCHANGE_API_TOKEN, body=credentials, auth=Auth.NONE)
    return answer.unless(isinstance(answer.at("access_token"), str) and isinstance(answer.at("refresh_token"), str))


@_check("A session says in the form of HTTP dates when it ends", Evidence.CLIENT, "session_expires", writes=True)
async def _expires(probe: Probe) -> Difference:
    text = need_text((await _session(probe)).at("expires"), "a session does not say when it ends")
    try:
        parsedate_to_datetime(text)
    except ValueError:
        return "it is in another form"
    return None


@_check(
    "A refresh token that is used again is refused, and ends its session",
    Evidence.ASSUMED,
    "refresh_reuse",
    requests=4,
    writes=True,
)
async def _reuse(probe: Probe) -> Difference:
    first = need_text((await _exchange(probe)).at("refreshToken"), "an API token cannot be exchanged")

    async def renew(token: str) -> Answer:
        return await probe.ask(sessions.REFRESH_API_TOKEN_V1, body={"refreshToken": token}, auth=Auth.NONE)

    renewed = await renew(first)
    second = need_text(renewed.at("refreshToken"), f"a session cannot be renewed: {renewed.status}")
    again = await renew(first)
    if again.is_done:
        return "it is taken again"
    answer = await renew(second)
    return "it is refused, and the session goes on" if answer.is_done else None


@_check(
    "The access token of an API token that was deleted is refused",
    Evidence.ASSUMED,
    "deleted_subject",
    requests=4,
    writes=True,
)
async def _deleted(probe: Probe) -> Difference:
    credentials = await _credentials(probe, _SPARE)
    session = await _exchange(probe, _SPARE)
    user = as_user(probe, need_text(session.at("accessToken"), "an API token cannot be exchanged"))
    need(await probe.ask(account_settings.PUBLIC, user=user), "its access token is not taken")
    deletion = await probe.ask(
        api_tokens.DELETE, {"id": credentials["clientId"]}, tenant_id=await probe.account(_SPARE)
    )
    need(deletion, "an API token cannot be deleted")
    answer = await probe.ask(account_settings.PUBLIC, user=user)
    return answer.unless(answer.status == 401)


async def _signed_in(probe: Probe, user: Member, **more: JsonValue) -> Answer:
    """Return the answer to a sign-in with the password that the kit gave its user."""
    session = need_text((await _session(probe)).at("accessToken"), "an API token cannot be exchanged")
    body: JsonValue = {"email": user.email, "password": user.password, **more}
    # Through the client of a token, which knows the environment's sub-domain; the token is not sent.
    return await probe.ask(sessions.LOGIN, body=body, auth=Auth.NONE, user=as_user(probe, session))


async def _ann_signed_in(probe: Probe) -> Answer:
    async def sign_in() -> Answer:
        ann = await member(probe)
        need(await probe.ask(user_operations.VERIFY, {"user_id": ann.id}), "a user could not be verified")
        return need(await _signed_in(probe, ann), "a user cannot sign in with a password")

    return await probe.once("session of a user", sign_in)


@_check(
    "The refresh of a user without frontegg-vendor-host answers 400",
    Evidence.DOCUMENTED,
    "missing_vendor_host",
    writes=True,
)
async def _vendor_host(probe: Probe) -> Difference:
    token = need_text((await _ann_signed_in(probe)).at("refreshToken"), "a sign-in has no refresh token")
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


@_check(
    "A user may switch to a sub-account that the settings above it open",
    Evidence.ASSUMED,
    "switch_to_sub_account",
    requests=3,
    writes=True,
)
async def _into_sub_account(probe: Probe) -> Difference:
    parent = await probe.account("parent", {"isReseller": True})
    child = probe.new_id("child")
    body: JsonValue = {"tenantId": child, "name": "Conformance child", "parentTenantId": parent}
    need(await probe.ask(sub_tenants.CREATE, body=body), "a sub-account could not be made")
    opened = await probe.ask(
        sub_tenants.SET_HIERARCHY_SETTINGS, {"tenant_id": parent}, body={"subAccountAccessType": "alwaysOn"}
    )
    need(opened, "the sub-account could not be opened")
    pat = await member(probe, "pat", "parent")
    answer = await probe.ask(me.SWITCH_TENANT, body={"tenantId": child}, tenant_id=parent, user_id=pat.id)
    return answer.unless(answer.is_done)


@_check(
    "A user who is disabled in a tenant cannot sign in: 403", Evidence.ASSUMED, "locked_user", requests=3, writes=True
)
async def _disabled(probe: Probe) -> Difference:
    await _ann_signed_in(probe)
    ann = await member(probe)
    fields = {"user_id": ann.id}
    need(await probe.ask(user_operations.DISABLE, fields, tenant_id=ann.tenant_id), "a user could not be disabled")
    answer = await _signed_in(probe, ann)
    await probe.ask(user_operations.ENABLE, fields, tenant_id=ann.tenant_id)
    return answer.unless(answer.status == 403)


@_check(
    "A sign-in with the token of an invitation enters its tenant",
    Evidence.ASSUMED,
    "invitation_at_sign_in",
    requests=5,
    writes=True,
)
async def _invited(probe: Probe) -> Difference:
    await _ann_signed_in(probe)
    tenant_id = await probe.account("first")
    body: JsonValue = {"tenantId": tenant_id, "shouldSendEmail": False}
    made = need(await probe.ask(invitations.CREATE, body=body), "an invitation could not be made")
    token = need_text(made.at("token"), "an invitation has no token")
    answer = need(await _signed_in(probe, await member(probe), invitationToken=token), "the sign-in is refused")
    access_token = need_text(answer.at("accessToken"), "a sign-in has no access token")
    return None if _claims_of(access_token).get("tenantId") == tenant_id else "it enters another one"


async def _access_token(probe: Probe, account: str = _PEOPLE) -> Answer:
    """Return the answer to the creation of an access token without end, made once a run for each account."""

    async def make() -> Answer:
        body = {"description": "conformance"}
        return await probe.ask(access_tokens.CREATE, body=body, tenant_id=await probe.account(account))

    return await probe.once(f"access token of {account}", make)


async def _access_token_id(probe: Probe, account: str = _PEOPLE) -> str:
    answer = need(await _access_token(probe, account), "an access token could not be made")
    if isinstance(answer.at("id"), str):
        return str(answer.at("id"))
    listed = await probe.ask(access_tokens.LIST, tenant_id=await probe.account(account))
    return need_text(listed.at("accessTokens", 0, "id"), "the id of a new access token is nowhere")


async def _claims(probe: Probe) -> dict[str, JsonValue]:
    answer = need(await _access_token(probe), "an access token could not be made")
    return _claims_of(need_text(answer.at("secret"), "the JWT of a new access token is nowhere"))


def _claims_of(jwt: str) -> dict[str, JsonValue]:
    try:
        payload = base64.urlsafe_b64decode(jwt.split(".")[1] + "==")
        return cast("dict[str, JsonValue]", dict(json.loads(payload)))
    except (ValueError, LookupError, TypeError):
        raise NotTriedError("an access token is no JWT that can be read") from None


@_check("Access tokens are enabled", Evidence.ASSUMED, "access_tokens")
async def _enabled(probe: Probe) -> Difference:
    answer = await probe.ask(access_tokens.ACTIVE_TENANT_TOKENS, tenant_id=await probe.existing())
    if answer.status not in {200, 403}:
        raise NotTriedError(f"the active access tokens cannot be listed: {answer.status}")
    return answer.unless(answer.status == 200)


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

    async def make() -> str:
        tenant_id = await probe.account(_LOCKED)
        for prepare in (
            partial(_api_token, probe, _LOCKED),
            partial(_access_token, probe, _LOCKED),
            partial(_lou, probe),
        ):
            with suppress(NotTriedError):  # the check that needs it says so
                await prepare()
        await lock(probe, tenant_id)
        return tenant_id

    return await probe.once("locked account", make)


async def _lou(probe: Probe) -> Member:
    """Return a user whose active account is the one that is locked, and who is in another."""
    lou = await member(probe, "lou", _LOCKED)

    async def join() -> Member:
        body: JsonValue = {
            "tenantId": await probe.account(_PEOPLE),
            "validateTenantExist": True,
            "skipInviteEmail": True,
        }
        need(
            await probe.ask(user_operations.ADD_TO_TENANT, {"user_id": lou.id}, body=body), "a user could not be added"
        )
        probe.note_row(user_operations.REMOVE, {"user_id": lou.id}, await probe.account(_PEOPLE))
        need(await probe.ask(user_operations.VERIFY, {"user_id": lou.id}), "a user could not be verified")
        need(await _signed_in(probe, lou), "a user cannot sign in with a password")
        return lou

    return await probe.once("user of a locked account", join)


async def _locked_exchange(probe: Probe) -> Answer:
    await _lock(probe)
    return await probe.once("exchange in a locked account", lambda: _exchange(probe, _LOCKED))


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
    "The refresh token of the body counts if a cookie has another",
    Evidence.ASSUMED,
    "refresh_source",
    why="it takes the cookies of a browser, which the client does not send",
)
TOPIC.untried(
    "An API token has at most 100 valid refresh tokens",
    Evidence.DOCUMENTED,
    why="it would take more than a hundred requests",
)
