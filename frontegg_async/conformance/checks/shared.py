"""Objects that several checks share: rows in accounts of the kit, made once a run, and lists of the environment."""

from __future__ import annotations

import secrets
import uuid

import attrs

from frontegg_async._values.json_values import JsonValue
from frontegg_async.conformance.answer import Answer, at
from frontegg_async.conformance.not_tried import NotTriedError
from frontegg_async.conformance.probe import Probe, once_a_run
from frontegg_async.endpoints import (
    Auth,
    api_tokens,
    invitations,
    permissions,
    roles,
    sessions,
    sub_tenants,
    users,
)
from frontegg_async.errors import ConfigurationError
from frontegg_async.user import AsyncFronteggUser

PEOPLE = "people"
"""The name of the account with most users and tokens of the kit. Its id is the prefix of the run and this name."""
NO_REQUESTS = "no other part of the SDK relies on this behaviour, so the budget has no requests for the check"
"""The reason why the kit skips some behaviours that it could try."""
NO_ID = str(uuid.UUID(int=0xC0F0_0000_0000_4000_8000_0000_0000_0001))
"""An id that no object has."""


@attrs.frozen(kw_only=True, repr=False)
class Member:
    """A user whom the kit makes. The kit never causes e-mails to its address."""

    id: str
    email: str
    password: str
    tenant_id: str


def need(answer: Answer, what: str) -> Answer:
    """Return an answer that a check needs.

    Raises:
        NotTriedError: The answer is not a success.
    """
    if not answer.is_done:
        raise NotTriedError(f"{what}: {answer.status}")
    return answer


def need_text(value: JsonValue, what: str) -> str:
    """Return a text that a check needs.

    Raises:
        NotTriedError: The value is not a text.
    """
    if not isinstance(value, str) or not value:
        raise NotTriedError(what)
    return value


@once_a_run
async def member(probe: Probe, name: str = "ann", account: str = PEOPLE) -> Member:
    """Return a user whom the kit makes in its own account, without an e-mail.

    Args:
        probe: The probe that sends the requests.
        name: A name for the user, unique in the run.
        account: The name of the account: its id without the prefix of the run.

    Raises:
        NotTriedError: The user could not be made.
    """
    tenant_id = await probe.account(account)
    email, password, answer = await invitation(probe, name, account)
    need(answer, "a user could not be made")
    user_id = answer.at("id") if isinstance(answer.at("id"), str) else await _found(probe, tenant_id, email)
    found = need_text(user_id, "no response contains the id of a new user")
    probe.note_row(users.REMOVE, {"user_id": found}, tenant_id)
    return Member(id=found, email=email, password=password, tenant_id=tenant_id)


@once_a_run
async def invitation(probe: Probe, name: str = "ann", account: str = PEOPLE) -> tuple[str, str, Answer]:
    """Make a user, and return its address, its password and the answer."""
    tenant_id = await probe.account(account)
    email, password = f"{tenant_id}-{name}@conformance.invalid", f"Aa1!{secrets.token_urlsafe(18)}"
    return email, password, await invite(probe, tenant_id, email, password)


async def invite(probe: Probe, tenant_id: str, email: str, password: str) -> Answer:
    """Add a user to an account of the kit without an e-mail, and return the answer."""
    body = {"email": email, "name": "Conformance", "password": password, "skipInviteEmail": True}
    return await probe.ask(users.INVITE, body=body, tenant_id=tenant_id)


async def _found(probe: Probe, tenant_id: str, email: str) -> JsonValue:
    query = {"_email": email, "_limit": "1", "_includeSubTenants": "false"}
    listed = await probe.ask(users.LIST, query=query, tenant_id=tenant_id)
    return at(listed.items, 0, "id") if at(listed.items, 0, "email") == email else None


async def add_to_account(probe: Probe, user: Member, account: str) -> Answer:
    """Add a user to another account of the kit, without sending an e-mail. Return the response.

    Args:
        probe: The probe that sends the requests.
        user: The user.
        account: The name of the account: its id without the prefix of the run.
    """
    body = {"tenantId": await probe.account(account), "validateTenantExist": True, "skipInviteEmail": True}
    return await probe.ask(users.ADD_TO_TENANT, {"user_id": user.id}, body=body)


@once_a_run
async def environment_roles(probe: Probe) -> Answer:
    """Return the answer to the list of the environment's roles."""
    return await probe.ask(roles.LIST_V1)


@once_a_run
async def environment_permissions(probe: Probe) -> Answer:
    """Return the answer to the list of the environment's permissions."""
    return await probe.ask(permissions.LIST)


@once_a_run
async def own_role(probe: Probe) -> str:
    """Return the id of a role without permissions that the kit makes in its account `PEOPLE`.

    Raises:
        NotTriedError: The role could not be made.
    """
    answer = need(await create_role(probe), "a role could not be made")
    tenant_id = await probe.account(PEOPLE)
    role_id = answer.at(0, "id")
    if not isinstance(role_id, str):
        listed = await probe.ask(roles.LIST_V1, tenant_id=tenant_id)
        role_id = next((at(row, "id") for row in listed.items if at(row, "key") == role_key(tenant_id)), None)
    found = need_text(role_id, "no response contains the id of a new role")
    probe.note_row(roles.DELETE, {"role_id": found}, tenant_id)
    return found


def role_key(tenant_id: str) -> str:
    """Return the key of the role that the kit makes in an account."""
    return f"{tenant_id}-role"


@once_a_run
async def create_role(probe: Probe) -> Answer:
    """Create the kit's role, and return the answer."""
    tenant_id = await probe.account(PEOPLE)
    body: JsonValue = [{"key": role_key(tenant_id), "name": "Conformance", "level": 100}]
    return await probe.ask(roles.CREATE, body=body, tenant_id=tenant_id)


@once_a_run
async def sub_accounts_opened(probe: Probe) -> Answer:
    """Open the sub-accounts of ``people`` to its users, and return the answer."""
    fields, body = {"tenant_id": await probe.account(PEOPLE)}, {"subAccountAccessType": "alwaysOn"}
    return await probe.ask(sub_tenants.SET_HIERARCHY_SETTINGS, fields, body=body)


@once_a_run
async def child(probe: Probe) -> Answer:
    """Create ``child`` as a sub-account of ``people``, and return the answer."""
    parent_id = await probe.account(PEOPLE)
    body = {"tenantId": probe.new_id("child"), "name": "Child", "parentTenantId": parent_id}
    return await probe.ask(sub_tenants.CREATE, body=body)


@once_a_run
async def link(probe: Probe) -> Answer:
    """Create an invitation link to the account ``first``, and return the answer."""
    body: JsonValue = {"tenantId": await probe.account("first"), "shouldSendEmail": False}
    return await probe.ask(invitations.CREATE, body=body)


@once_a_run
async def api_token(probe: Probe, account: str = PEOPLE) -> Answer:
    """Create an API token of an account, and return the answer."""
    tenant_id = await probe.account(account)
    # The service may refuse a token without a role. Another check tries such a token.
    role_ids: list[JsonValue] = [await own_role(probe)] if account == PEOPLE else []
    body: JsonValue = {"description": "conformance", **({"roleIds": role_ids} if role_ids else {})}
    return await probe.ask(api_tokens.CREATE, body=body, tenant_id=tenant_id)


async def api_credentials(probe: Probe, account: str = PEOPLE) -> dict[str, str]:
    """Return the client id and the secret of an API token, under the names that requests use.

    Raises:
        NotTriedError: The token could not be made.
    """
    answer = need(await api_token(probe, account), "an API token could not be made")
    missing = "no response contains the secret of a new API token"
    return {
        "clientId": need_text(answer.at("clientId"), missing),
        "secret": need_text(answer.at("secret"), missing),
    }


async def exchange(probe: Probe, account: str = PEOPLE) -> Answer:
    """Exchange an API token with the first version, and return the answer."""
    credentials = await api_credentials(probe, account)
    return await probe.ask(sessions.EXCHANGE_API_TOKEN_V1, body=credentials, auth=Auth.NONE)


@once_a_run
async def api_session(probe: Probe) -> Answer:
    """Exchange an API token, and return the successful answer."""
    return await exchange(probe)


async def api_access_token(probe: Probe) -> str:
    """Return the access token of an API token.

    Raises:
        NotTriedError: The token could not be made or exchanged.
    """
    return need_text((await api_session(probe)).at("accessToken"), "an API token cannot be exchanged")


def as_user(probe: Probe, token: str) -> AsyncFronteggUser:
    """Return the client of a token.

    Raises:
        NotTriedError: The run does not know the environment's sub-domain.
    """
    try:
        return probe.client.as_user(token)
    except ConfigurationError:
        raise NotTriedError("the check needs FRONTEGG_DOMAIN, the environment's sub-domain") from None
