"""Checks of the requests that a locked account refuses."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import Final

from frontegg_async.conformance.answer import Answer
from frontegg_async.conformance.check import Difference, Topic
from frontegg_async.conformance.checks.access_tokens import access_token, access_token_id
from frontegg_async.conformance.checks.shared import (
    PEOPLE,
    Member,
    add_to_account,
    api_token,
    exchange,
    invitation,
    member,
    need,
    need_text,
)
from frontegg_async.conformance.checks.user_sessions import refreshed, signed_in
from frontegg_async.conformance.not_tried import NotTriedError
from frontegg_async.conformance.probe import Probe, once_a_run
from frontegg_async.endpoints import Evidence, access_tokens, me, tenants
from frontegg_async.endpoints import users as user_operations

TOPIC: Final = Topic("locked accounts")
_check: Final = TOPIC.check

_LOCKED: Final = "locked"


async def _lock(probe: Probe) -> str:
    """Fill an account as far as possible, lock it, and return its id."""
    need(await _locked(probe), "an account could not be locked")
    return await probe.account(_LOCKED)


@once_a_run
async def _locked(probe: Probe) -> Answer:
    """Return the answer to the lock of the account."""
    tenant_id = await probe.account(_LOCKED)
    for prepare in (partial(api_token, account=_LOCKED), partial(access_token, account=_LOCKED), _lou):
        with suppress(NotTriedError):  # the check that needs the missing part reports it
            await prepare(probe)
    return await probe.ask(tenants.LOCK, body={"tenantIds": [tenant_id]})


@once_a_run
async def _lou(probe: Probe) -> Member:
    """Return a user of two accounts whose active account will be locked."""
    lou = await member(probe, "lou", _LOCKED)
    need(await add_to_account(probe, lou, PEOPLE), "a user could not be added")
    probe.note_row(user_operations.REMOVE, {"user_id": lou.id}, await probe.account(PEOPLE))
    need(await probe.ask(user_operations.VERIFY, {"user_id": lou.id}), "a user could not be verified")
    await _lou_signed_in(probe, lou)
    return lou


@once_a_run
async def _lou_signed_in(probe: Probe, lou: Member) -> Answer:
    """Return the answer to a sign-in of the user before the account is locked."""
    return need(await signed_in(probe, lou), "a user cannot sign in with a password")


@once_a_run
async def _locked_exchange(probe: Probe) -> Answer:
    await _lock(probe)
    return await exchange(probe, _LOCKED)


@_check("The API tokens of a locked account are refused", Evidence.ASSUMED, "locked_api_tokens", writes=True)
async def _locked_api_tokens(probe: Probe) -> Difference:
    answer = await _locked_exchange(probe)
    return answer.unless(not answer.is_done)


@_check("A locked account refuses a session with 403", Evidence.ASSUMED, "locked_tenant", writes=True)
async def _locked_status(probe: Probe) -> Difference:
    answer = await _locked_exchange(probe)
    if answer.is_done:
        raise NotTriedError("the locked account does not refuse API tokens")
    return answer.unless(answer.status == 403)


@_check("A user whose active account is locked cannot sign in", Evidence.ASSUMED, "locked_active_tenant", writes=True)
async def _locked_active(probe: Probe) -> Difference:
    await _lock(probe)
    answer = await signed_in(probe, await _lou(probe))
    return answer.unless(not answer.is_done)


@_check(
    "The access tokens of a locked account can be looked up",
    Evidence.ASSUMED,
    "access_tokens_of_locked_tenant",
    writes=True,
)
async def _locked_look_up(probe: Probe) -> Difference:
    await _lock(probe)
    answer = await probe.ask(access_tokens.TENANT_TOKEN, {"id": await access_token_id(probe, _LOCKED)})
    return answer.unless(answer.is_done)


@_check("A session in a locked account cannot be renewed", Evidence.DOCUMENTED, "locked_active_tenant", writes=True)
async def _locked_refresh(probe: Probe) -> Difference:
    await _lock(probe)
    session = await _lou_signed_in(probe, await _lou(probe))
    answer = await refreshed(probe, need_text(session.at("refreshToken"), "a sign-in has no refresh token"))
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


# The last check, since the others need the lock.
@_check("A lock and an unlock answer 204", Evidence.DOCUMENTED, writes=True)
async def _unlock(probe: Probe) -> Difference:
    locked, tenant_id = await _locked(probe), await probe.account(_LOCKED)
    opened = await probe.ask(tenants.UNLOCK, body={"tenantIds": [tenant_id]})
    return locked.unless(locked.status == 204) or opened.unless(opened.status == 204)
