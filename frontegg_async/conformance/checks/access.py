"""Checks of the permissions of accounts' tokens. The kit makes API tokens in its own accounts."""

from __future__ import annotations

from contextlib import suppress
from typing import Final

import attrs

from frontegg_async._values.json_values import JsonValue
from frontegg_async.conformance.answer import Answer, at
from frontegg_async.conformance.check import Difference, Topic
from frontegg_async.conformance.checks.shared import (
    NO_REQUESTS,
    api_access_token,
    as_user,
    environment_permissions,
    need,
    need_text,
)
from frontegg_async.conformance.not_tried import NotTriedError
from frontegg_async.conformance.probe import USER_PREFIX, Probe, once_a_run
from frontegg_async.endpoints import (
    Auth,
    Endpoint,
    Evidence,
    account_settings,
    api_tokens,
    hierarchy,
    security,
    sessions,
    sub_tenants,
)
from frontegg_async.user import AsyncFronteggUser

TOPIC: Final = Topic("tokens of accounts")
_check: Final = TOPIC.check

_READ: Final = "fe.account-hierarchy.read.subAccount"
_WRITE: Final = "fe.account-hierarchy.write.subAccount"
_POLICIES: Final = ("fe.secure.read.securityPolicy", "fe.secure.write.securityPolicy")
_PERMISSIONS: Final = (_READ, _WRITE, *_POLICIES)


async def _holder(probe: Probe, *keys: str) -> AsyncFronteggUser:
    """Return the client of an API token, with the permissions that checks need or without permissions.

    All checks that need permissions share one token. Without ``keys``, the token has no permissions.

    Raises:
        NotTriedError: The token could not be made, or the sub-domain of the environment is not known.
    """
    if not keys:
        return as_user(probe, await api_access_token(probe))
    for key in keys:
        await permission(probe, key)
    return (await _api_token(probe)).user


@attrs.frozen
class _ApiToken:
    """An API token with permissions, and the client of its access token."""

    client_id: str
    user: AsyncFronteggUser


@once_a_run
async def _api_token(probe: Probe) -> _ApiToken:
    """Return an API token with the permissions that checks need, apart from permissions that the environment lacks."""
    given: set[str] = set()
    for key in _PERMISSIONS:
        with suppress(NotTriedError):  # the check that needs the permission reports its absence
            given.add(await permission(probe, key))
    asked: JsonValue = {"description": "conformance", "permissionIds": sorted(given)}
    made = await probe.ask(api_tokens.CREATE, body=asked, tenant_id=await probe.account("holder"))
    body = {"clientId": made.at("clientId"), "secret": made.at("secret")}
    if not made.is_done or not all(isinstance(value, str) for value in body.values()):
        raise NotTriedError(f"an API token could not be made: {made.status}")
    session = await probe.ask(sessions.EXCHANGE_API_TOKEN, body=body, auth=Auth.NONE)
    token = need_text(session.at("access_token"), "an API token could not be exchanged")
    return _ApiToken(str(body["clientId"]), as_user(probe, token))


async def permission(probe: Probe, key: str) -> str:
    """Return the id of a permission, or of the narrowest wildcard that covers it, such as ``fe.secure.read.*``."""
    rows = (await environment_permissions(probe)).items
    ids = {at(row, "key"): at(row, "id") for row in rows if isinstance(at(row, "key"), str)}
    parts = key.split(".")
    covering = [key, *(".".join((*parts[:length], "*")) for length in range(len(parts) - 1, 0, -1))]
    found = next((ids[each] for each in covering if each in ids), None)
    if not isinstance(found, str):
        raise NotTriedError(f"the environment has no permission {key}")
    return found


async def _ask_without(probe: Probe, operation: Endpoint[object]) -> Answer:
    return await probe.ask(operation, user=await _holder(probe))


@_check(
    "A token without the permission to read the hierarchy is refused with 403",
    Evidence.DOCUMENTED,
    "user_permissions",
    writes=True,
)
async def _hierarchy(probe: Probe) -> Difference:
    answer = await _refused(probe)
    return answer.unless(answer.status == 403)


@once_a_run
async def _refused(probe: Probe) -> Answer:
    return await _ask_without(probe, hierarchy.SUB_ACCOUNTS)


@_check("A refusal for a missing permission has errors and an errorCode", Evidence.DOCUMENTED, writes=True)
async def _code(probe: Probe) -> Difference:
    answer = await _refused(probe)
    if answer.status != 403:
        raise NotTriedError("the request was not refused")
    return answer.unless(isinstance(answer.at("errors"), list) and isinstance(answer.at("errorCode"), str))


@_check(
    "A token without the permission to read the account settings is refused with 403",
    Evidence.ASSUMED,
    "user_permissions",
    writes=True,
)
async def _settings(probe: Probe) -> Difference:
    answer = await _ask_without(probe, account_settings.GET)
    return answer.unless(answer.status == 403)


@_check("A token without permissions can read the public account settings", Evidence.ASSUMED, writes=True)
async def _public(probe: Probe) -> Difference:
    answer = await _public_at(probe, await probe.prefix_of(await _holder(probe)))
    return answer.unless(answer.is_done)


@once_a_run
async def _public_at(probe: Probe, prefix: str) -> Answer:
    """Return the public settings with a token without permissions."""
    return await probe.ask(account_settings.PUBLIC, user=await _holder(probe), prefix=prefix)


@_check("A token with the permission to read the hierarchy can read the hierarchy", Evidence.DOCUMENTED, writes=True)
async def _permitted(probe: Probe) -> Difference:
    answer = await probe.ask(hierarchy.SUB_ACCOUNTS, user=await _holder(probe, _READ, _WRITE))
    return answer.unless(answer.is_done)


TOPIC.untried("A permission with a * covers the permissions below it", Evidence.LIVE, why=NO_REQUESTS)


@_check(
    "A token with the permission to read the hierarchy can read the accounts above an account",
    Evidence.CLIENT,
    writes=True,
)
async def _parents_of(probe: Probe) -> Difference:
    fields = {"tenant_id": await probe.account("holder")}
    answer = await probe.ask(hierarchy.PARENTS_OF, fields, user=await _holder(probe, _READ, _WRITE))
    return answer.unless(answer.is_done and isinstance(answer.body, list))


@_check(
    "A token cannot change an account outside its hierarchy: 403",
    Evidence.ASSUMED,
    "outside_hierarchy",
    writes=True,
)
async def _outside(probe: Probe) -> Difference:
    fields = {"tenant_id": await probe.account("first")}
    answer = await probe.ask(
        sub_tenants.RENAME, fields, body={"name": "First"}, user=await _holder(probe, _READ, _WRITE)
    )
    return answer.unless(answer.status == 403)


@_check("A token cannot change an unknown account: 404", Evidence.ASSUMED, writes=True)
async def _unknown(probe: Probe) -> Difference:
    fields = {"tenant_id": probe.nobody}
    answer = await probe.ask(
        sub_tenants.RENAME, fields, body={"name": "Nobody"}, user=await _holder(probe, _READ, _WRITE)
    )
    return answer.unless(answer.status == 404)


@_check(
    "A token with the permission to write security policies can set the password policy",
    Evidence.ASSUMED,
    "password_policy_by_user",
    writes=True,
)
async def _password_policy(probe: Probe) -> Difference:
    body = {"minLength": 12}
    answer = await probe.ask(security.SET_PASSWORD, body=body, user=await _holder(probe, *_POLICIES))
    return answer.unless(answer.is_done)


@_check(
    "A write of country restrictions replaces all earlier restrictions",
    Evidence.ASSUMED,
    "countries_write",
    writes=True,
)
async def _countries(probe: Probe) -> Difference:
    client = await _holder(probe, *_POLICIES)
    for code in ("IS", "NO"):
        body: JsonValue = {"countries": [{"countryCode": code}]}
        need(await probe.ask(security.SET_COUNTRIES, body=body, user=client), "countries could not be written")
    answer = need(await probe.ask(security.LIST_COUNTRIES, user=client), "countries cannot be read")
    return answer.unless([at(row, "countryCode") for row in answer.items] == ["NO"])


@_check(
    "Requests with users' tokens are served with and without the prefix /frontegg",
    Evidence.ASSUMED,
    "user_prefix",
    writes=True,
)
async def _prefix(probe: Probe) -> Difference:
    client = await _holder(probe)
    if client.base_url.prefix:
        raise NotTriedError("the client uses the sub-domain, which serves only paths below /frontegg")
    for prefix, which in (("", "without the prefix"), (USER_PREFIX, "with the prefix")):
        answer = await _public_at(probe, prefix)
        if not answer.is_done:
            return f"{which}, {answer.unless(False)}"
    return None


# The last check, since it deletes the token. An expired token would be refused too, so this runs soon after.
@_check(
    "The access token of an API token that was deleted is refused", Evidence.ASSUMED, "deleted_subject", writes=True
)
async def _deleted(probe: Probe) -> Difference:
    token = await _api_token(probe)
    need(await probe.ask(account_settings.PUBLIC, user=token.user), "the access token of an API token is refused")
    fields, tenant_id = {"id": token.client_id}, await probe.account("holder")
    need(await probe.ask(api_tokens.DELETE, fields, tenant_id=tenant_id), "an API token cannot be deleted")
    answer = await probe.ask(account_settings.PUBLIC, user=token.user)
    return answer.unless(answer.status == 401)
