"""The rules that set flags of users, and the rules that let memberships of users expire.

The tenant of a temporary user is the tenant in the header (assumed). The refusals are assumed too.
"""

from __future__ import annotations

from typing import Final, cast

import msgspec

from frontegg_async.emulator.services.support.common import find_member, find_user
from frontegg_async.emulator.services.support.emulated_response import EmulatedResponse
from frontegg_async.emulator.services.support.incoming_call import IncomingCall
from frontegg_async.emulator.services.support.rule import Rule
from frontegg_async.emulator.services.user_flags.rows import CONFIGURATION_ID, TemporaryUsersRow
from frontegg_async.emulator.services.users import shapes as user_shapes
from frontegg_async.emulator.services.users.writes import emit_of_user, expiry_of_membership, without_mfa
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment

_EVENTS: Final = "temporary.access"


def set_invisible(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Hide a user from other users of the same tenants, or show the user again."""
    return _set_flag(environment, call, invisible=call.body["invisible"] is True)


def set_superuser(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Set whether a user is a super-user. In the emulator, super-users have no special access to tenants."""
    return _set_flag(environment, call, super_user=call.body["superUser"] is True)


def _set_flag(environment: EmulatedEnvironment, call: IncomingCall, **flag: bool) -> EmulatedResponse:
    user = msgspec.structs.replace(find_user(environment.state, call.path["user_id"]), **flag)
    environment.state.put_user(user)
    emit_of_user(environment, "updated", user, user.tenant_id)
    return EmulatedResponse(body=user_shapes.whole(environment, user, user.tenant_id))


def set_expiration(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Set the time at which the membership of a user in a tenant expires."""
    user = find_member(environment.state, call.path["user_id"], call.tenant_id)
    expires = expiry_of_membership(environment, call.body)
    was_temporary = user.membership(call.tenant_id).expires is not None
    _set_expiry(environment, call, expires, "edited" if was_temporary else "given")
    return EmulatedResponse(status=201, body=dict(call.body))


def make_permanent(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Make the membership of a temporary user permanent. A permanent membership stays as it is."""
    user = find_member(environment.state, call.path["user_id"], call.tenant_id)
    if user.membership(call.tenant_id).expires is not None:
        _set_expiry(environment, call, None, "temporary.to.permanentd")
    return EmulatedResponse()


def _set_expiry(environment: EmulatedEnvironment, call: IncomingCall, expires: str | None, event: str) -> None:
    user = environment.state.users[call.path["user_id"]]
    membership = msgspec.structs.replace(user.membership(call.tenant_id), expires=expires)
    user = user.within(call.tenant_id, membership)
    environment.state.put_user(user)
    emit_of_user(environment, f"{_EVENTS}.{event}", user, call.tenant_id)


def configuration(environment: EmulatedEnvironment, _call: IncomingCall) -> EmulatedResponse:
    """Return whether the environment has temporary users."""
    row = environment.state.table(TemporaryUsersRow).get(CONFIGURATION_ID, TemporaryUsersRow(id=CONFIGURATION_ID))
    return EmulatedResponse(body={"enabled": row.enabled})


def configure(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Set whether the environment has temporary users. Existing temporary users do not change (assumed)."""
    enabled = cast("bool", call.body["enabled"])
    environment.state.put(TemporaryUsersRow(id=CONFIGURATION_ID, enabled=enabled))
    return EmulatedResponse(body={"enabled": enabled})


def unenroll_mfa(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Remove the second factor of a user."""
    user = without_mfa(find_user(environment.state, call.path["user_id"]))
    environment.state.put_user(user)
    emit_of_user(environment, "disabledMFA", user, user.tenant_id)
    return EmulatedResponse()


_WRITE: Final = "fe.secure.write.tenantInvites"

RULES = {
    "users.set_invisible": Rule(run=set_invisible),
    "users.set_superuser": Rule(run=set_superuser),
    "users.set_expiration": Rule(run=set_expiration, permission=_WRITE),
    "users.make_permanent": Rule(run=make_permanent, permission=_WRITE),
    "users.get_temporary_config": Rule(run=configuration, permission="fe.secure.read.users"),
    "users.set_temporary_config": Rule(run=configure),
    "users.unenroll_mfa": Rule(run=unenroll_mfa),
}
