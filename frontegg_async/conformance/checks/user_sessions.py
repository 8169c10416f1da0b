"""Checks of users' sessions: sign-in, refresh, and switches between accounts."""

from __future__ import annotations

from typing import Final

from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.secret import Hidden
from frontegg_async.conformance.answer import Answer
from frontegg_async.conformance.check import Difference, Topic
from frontegg_async.conformance.checks.shared import (
    NO_ID,
    PEOPLE,
    Member,
    api_access_token,
    as_user,
    child,
    invite,
    link,
    member,
    need,
    need_text,
    sub_accounts_opened,
)
from frontegg_async.conformance.jwt_parts import claims_of
from frontegg_async.conformance.not_tried import NotTriedError
from frontegg_async.conformance.probe import Probe, once_a_run
from frontegg_async.endpoints import Auth, Evidence, me, sessions, sub_tenants
from frontegg_async.endpoints import users as user_operations

TOPIC: Final = Topic("sessions of users")
_check: Final = TOPIC.check


async def signed_in(probe: Probe, user: Member, invitation_token: str | None = None) -> Answer:
    """Sign in with the password that the kit gave its user, and return the answer.

    Args:
        probe: The probe that sends the requests.
        user: The user.
        invitation_token: The token of an invitation for the sign-in; none by default.

    Raises:
        NotTriedError: The sub-domain of the environment is not known, or there was no response.
    """
    body = {"email": user.email, "password": user.password}
    if invitation_token is not None:
        body["invitationToken"] = invitation_token
    # The client of a token knows the environment's sub-domain. The token is not sent.
    sender = as_user(probe, await api_access_token(probe))
    return await probe.ask(sessions.LOGIN, body=body, auth=Auth.NONE, user=sender)


@once_a_run
async def _ann_signed_in(probe: Probe) -> Answer:
    ann = await member(probe)
    need(await probe.ask(user_operations.VERIFY, {"user_id": ann.id}), "a user could not be verified")
    return need(await signed_in(probe, ann), "a user cannot sign in with a password")


@_check("A sign-in answers with tokens, their lifetime, and mfaRequired", Evidence.DOCUMENTED, writes=True)
async def _sign_in(probe: Probe) -> Difference:
    answer = await _ann_signed_in(probe)
    texts = all(isinstance(answer.at(name), str) for name in ("accessToken", "refreshToken", "expires"))
    return answer.unless(
        texts and isinstance(answer.at("expiresIn"), int | float) and isinstance(answer.at("mfaRequired"), bool)
    )


@_check("A user's token has the type userToken", Evidence.CLIENT, writes=True)
async def _user_type(probe: Probe) -> Difference:
    claims = claims_of(need_text((await _ann_signed_in(probe)).at("accessToken"), "a sign-in has no access token"))
    return None if claims.get("type") == "userToken" else "the token has another type"


async def refreshed(probe: Probe, token: str, cookie: str | None = None) -> Answer:
    """Refresh a session at the sub-domain with the headers of a browser, and return the answer.

    Args:
        probe: The probe that sends the requests.
        token: The refresh token.
        cookie: The header ``Cookie``; none by default.

    Raises:
        NotTriedError: The sub-domain of the environment is not known, or there was no response.
    """
    user = as_user(probe, await api_access_token(probe))
    headers = {"frontegg-vendor-host": user.base_url.host} | ({} if cookie is None else {"Cookie": cookie})
    return await probe.send_plainly(
        "POST",
        f"{user.base_url}{await probe.prefix_of(user)}{sessions.REFRESH.path}",
        Hidden(headers),
        Hidden({"refreshToken": token}),
    )


@_check(
    "An invitation of a user who is already in the account answers 409", Evidence.ASSUMED, "invite_member", writes=True
)
async def _invited_again(probe: Probe) -> Difference:
    await _ann_signed_in(probe)
    ann = await member(probe)
    answer = await invite(probe, ann.tenant_id, ann.email, ann.password)
    return answer.unless(answer.status == 409)


@once_a_run
async def _refresh(probe: Probe) -> Answer:
    signed_in = await _ann_signed_in(probe)
    return await refreshed(probe, need_text(signed_in.at("refreshToken"), "a sign-in has no refresh token"))


@_check("A refresh with the header frontegg-vendor-host answers 201 with new tokens", Evidence.DOCUMENTED, writes=True)
async def _refreshes(probe: Probe) -> Difference:
    answer = await _refresh(probe)
    return answer.unless(answer.status == 201 and isinstance(answer.at("refreshToken"), str))


@_check("The refresh token in the body takes precedence over a cookie", Evidence.ASSUMED, "refresh_source", writes=True)
async def _source(probe: Probe) -> Difference:
    answer = await _with_cookie(probe)
    return answer.unless(answer.is_done)


@once_a_run
async def _with_cookie(probe: Probe) -> Answer:
    """Refresh with a cookie that has another token, and return the answer."""
    answer = need(await _refresh(probe), "a user's session cannot be renewed")
    cookie = f"fe_refresh_{probe.credentials.client_id.replace('-', '', 1)}={NO_ID}"
    return await refreshed(probe, need_text(answer.at("refreshToken"), "no refresh token was returned"), cookie)


@_check(
    "A refresh without the header frontegg-vendor-host answers 400",
    Evidence.DOCUMENTED,
    "missing_vendor_host",
    writes=True,
)
async def _vendor_host(probe: Probe) -> Difference:
    with_cookie = await _with_cookie(probe)
    last = with_cookie if with_cookie.is_done else await _refresh(probe)
    token = need_text(
        need(last, "a user's session cannot be renewed").at("refreshToken"), "no refresh token was returned"
    )
    answer = await probe.ask(sessions.REFRESH, body={"refreshToken": token}, auth=Auth.NONE)
    return answer.unless(answer.status == 400)


@_check("The hierarchy of a user consists of nested nodes", Evidence.ASSUMED, "user_hierarchy", writes=True)
async def _hierarchy(probe: Probe) -> Difference:
    token = need_text((await _ann_signed_in(probe)).at("accessToken"), "a sign-in has no access token")
    answer = await probe.ask(me.HIERARCHY, user=as_user(probe, token))
    row = answer.at(0)
    if not isinstance(row, dict):
        raise NotTriedError(f"the hierarchy of a user cannot be read: {answer.status}")
    return answer.unless("parentTenantId" not in row)


@_check(
    "A user cannot switch to an account to which it does not belong: 403",
    Evidence.ASSUMED,
    "switch_not_member",
    writes=True,
)
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
    answer = await signed_in(probe, ann)
    await probe.ask(user_operations.ENABLE, fields, tenant_id=ann.tenant_id)
    return answer.unless(answer.status == 403)


@_check(
    "A user may switch to a sub-account that the settings of the parent account open to users",
    Evidence.ASSUMED,
    "switch_to_sub_account",
    writes=True,
)
async def _into_sub_account(probe: Probe) -> Difference:
    ann, below = await member(probe), await _sub_account(probe)
    answer = await probe.ask(me.SWITCH_TENANT, body={"tenantId": below}, tenant_id=ann.tenant_id, user_id=ann.id)
    return answer.unless(answer.is_done)


async def _sub_account(probe: Probe) -> str:
    """Return the id of a sub-account of ``people`` that is open to its users."""
    need(await child(probe), "a sub-account could not be made")
    need(await sub_accounts_opened(probe), "the sub-account could not be opened")
    return probe.new_id("child")


@_check("A user can be allowed access to sub-accounts", Evidence.DOCUMENTED, writes=True)
async def _access(probe: Probe) -> Difference:
    fields = {"user_id": (await member(probe)).id}
    answer = await probe.ask(sub_tenants.SET_USER_ACCESS, fields, body={"allowAccess": True})
    return answer.unless(answer.is_done)


@_check(
    "A sign-in with the token of an invitation enters the invitation's tenant",
    Evidence.ASSUMED,
    "invitation_at_sign_in",
    writes=True,
)
async def _invited(probe: Probe) -> Difference:
    claims = await _invited_claims(probe)
    return None if claims.get("tenantId") == await probe.account("first") else "the sign-in enters another tenant"


@once_a_run
async def _invited_claims(probe: Probe) -> dict[str, JsonValue]:
    """Return the claims of the token of a user who signed in with an invitation."""
    await _ann_signed_in(probe)
    made = need(await link(probe), "an invitation could not be made")
    token = need_text(made.at("token"), "an invitation has no token")
    answer = need(await signed_in(probe, await member(probe), token), "the sign-in is refused")
    return claims_of(need_text(answer.at("accessToken"), "a sign-in has no access token"))


@_check(
    "The tenantIds of a token are the user's tenants, without sub-accounts that the user can reach",
    Evidence.DOCUMENTED,
    writes=True,
)
async def _tenant_ids(probe: Probe) -> Difference:
    below, ids = await _sub_account(probe), (await _invited_claims(probe)).get("tenantIds")
    if not isinstance(ids, list):
        raise NotTriedError("the token has no tenantIds")
    if await probe.account(PEOPLE) not in ids:
        return "a tenant of the user is missing"
    return "the tenantIds include a sub-account" if below in ids else None


TOPIC.untried(
    "The third version of a user's tenants returns the tenants and the active tenant",
    Evidence.CLIENT,
    why="the SDK uses the second version, and the budget has no requests for the third",
)
TOPIC.untried(
    "Users cannot switch between accounts that have their own login boxes",
    Evidence.ASSUMED,
    why="no operation gives an account a login box",
)
