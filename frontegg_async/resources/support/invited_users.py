"""The bodies of requests about users, and a check whether an invitation took effect after a lost response."""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any, Final, cast

import attrs

from frontegg_async._core.call.call_state import Recovered
from frontegg_async._core.call.caller import Caller
from frontegg_async._core.checks import arguments
from frontegg_async._core.codec.encoding import encode_json
from frontegg_async._core.http.urls import RedactedQuery
from frontegg_async._core.runtime.tracebacks import without_frames
from frontegg_async._values.ascii_case import folded
from frontegg_async._values.flags import check_flag
from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.kinds import kind_of
from frontegg_async._values.unset import UNSET, Unset
from frontegg_async._values.value import Value
from frontegg_async.endpoints import Endpoint
from frontegg_async.endpoints import users as endpoints
from frontegg_async.errors import (
    ConflictError,
    ErrorDetails,
    InvalidArgumentError,
    Outcome,
    OutcomeUnknownError,
)
from frontegg_async.models.users import (
    BulkInvitation,
    BulkUserInvitation,
    InvitedUser,
    User,
    UserInvitation,
    UserToInvite,
    UserUpdate,
)
from frontegg_async.options import Options, ResolvedOptions
from frontegg_async.resources.support.creations import read_present
from frontegg_async.resources.support.read_back import shows
from frontegg_async.resources.support.role_keys import ids_before, optional_roles
from frontegg_async.resources.support.writes import Looks

MAX_USERS: Final = 1_000
_SHARED: Final = frozenset(
    ("id", "email", "name", "verified", "profile_picture_url", "metadata", "created_at", "last_login")
)
"""The fields that a user has in common with the response to an invitation."""


class _Before(enum.Enum):
    """The state of a user before the invitation."""

    NOBODY = enum.auto()
    """No user has the e-mail address."""
    USER = enum.auto()
    """A user of other tenants may have the e-mail address. An invitation does not change the fields of that user."""
    MEMBER = enum.auto()
    """A user in the tenant has the e-mail address."""


_SHORTEST: Final = 300
_LONGEST: Final = 2**53 - 1
_LONGEST_ADDRESS: Final = 4_095
_USERNAME: Final = re.compile(r"[A-Za-z0-9._-]{1,255}", re.ASCII)


@attrs.define(eq=False, repr=False)
class Invited(Value, Looks):
    """A check after a lost response: reads whether the invited user is in the caller's tenant.

    Args:
        caller: Makes the requests, for one tenant or with a user's token.
        body: The body of the invitation.
        before: The user's state before the first attempt; ``None`` if unknown.
    """

    caller: Caller
    body: UserInvitation
    before: _Before | None = None

    async def look(self, options: ResolvedOptions) -> None:
        """Read and store the user's state. Do nothing if the route's rate limit would delay the invitation.

        Raises:
            FronteggError: The read failed.
        """
        if self.caller.opens_at(self._reads) <= self.caller.clocks.monotonic():
            self.before = self._state_of(await self._read(options))

    async def __call__(self, options: ResolvedOptions, was_acknowledged: bool) -> Recovered[InvitedUser] | None:
        """Return the user, or ``None`` if no user of the tenant has the e-mail address.

        Raises:
            ConflictError: The user was in the tenant before, or differs from the invitation.
            OutcomeUnknownError: It is unknown whether the user was in the tenant before.
            FronteggError: A read failed.
        """
        user = await self._read(options)
        if user is None or not self._is_member(user):
            self.before = self.before or self._state_of(user)
            return None
        if self.before is _Before.MEMBER:
            raise self._conflict("was in the tenant before")
        is_as_asked = self.before is _Before.USER or self._shows_fields(user)
        if not is_as_asked or not await self._has_roles(user, options):
            raise self._conflict("is in the tenant, but differs from the invitation")
        if self.before is None and not was_acknowledged:
            details = ErrorDetails(endpoint=self._reads.name, outcome=Outcome.UNKNOWN)
            raise OutcomeUnknownError("it is unknown whether the user was in the tenant before", details)
        shared = {field.name: getattr(user, field.name) for field in attrs.fields(InvitedUser) if field.name in _SHARED}
        roles = next((each.roles for each in user.tenants if each.tenant_id == self.caller.own_tenant_id), None)
        return Recovered(InvitedUser(**shared, roles=roles))

    @property
    def _reads(self) -> Endpoint[object]:
        """The operation that reads the user. With a user's token, only the listing of the own tenant is allowed."""
        return endpoints.LIST if self.caller.is_user else endpoints.GET_BY_EMAIL

    async def _read(self, options: ResolvedOptions) -> User | None:
        # No local variable may contain the e-mail address here: the traceback of a cancelled call keeps this frame.
        if self.caller.is_user:
            page = await read_present(
                self.caller, endpoints.LIST, options, query=self._query("_email", ("_includeSubTenants", "false"))
            )
            user = None if page is None or not page.items else page.items[0]
        else:
            user = await read_present(self.caller, endpoints.GET_BY_EMAIL, options, query=self._query("email"))
        if user is not None and folded(user.email or "") != folded(self._email):
            raise self._conflict("that the service returns for this address has another address")
        return user

    @property
    def _email(self) -> str:
        return cast("str", self.body.email)

    def _query(self, name: str, *others: tuple[str, str]) -> RedactedQuery:
        return RedactedQuery(((name, self._email), *others))

    def _is_member(self, user: User) -> bool:
        """Return whether a user is in the tenant. A response to a user's token contains only members of the tenant."""
        return self.caller.is_user or self.caller.tenant_id in user.tenant_ids

    def _state_of(self, user: User | None) -> _Before:
        if user is not None and self._is_member(user):
            return _Before.MEMBER
        return _Before.NOBODY if user is None and not self.caller.is_user else _Before.USER

    def _shows_fields(self, user: User) -> bool:
        """Return whether a user has the requested fields. A user who existed before keeps the old values."""
        fields = ("name", "profile_picture_url", "metadata")
        return shows(user, UserInvitation(**{name: getattr(self.body, name) for name in fields}))

    async def _has_roles(self, user: User, options: ResolvedOptions) -> bool:
        if self.body.role_ids is None:
            return True
        query = (("ids", user.id),)
        rows = await self.caller.free().value(endpoints.ROLES, query=query, options=options)
        return any(row.user_id == user.id and set(self.body.role_ids) <= set(row.role_ids) for row in rows)

    def _conflict(self, why: str) -> ConflictError:
        details = ErrorDetails(endpoint=self._reads.name, outcome=Outcome.REFUSED)
        return ConflictError(f"the user {why}", details)


def skips_email(send_email: bool | None, argument: str) -> bool | None:
    """Return the value for ``skipInviteEmail``, the reverse of ``send_email``.

    Raises:
        InvalidArgumentError: ``send_email`` is not a bool.
    """
    return None if send_email is None else not check_flag(send_email, argument, InvalidArgumentError)


@without_frames
def invitation(user: UserToInvite, *, email_metadata: Mapping[str, JsonValue] | None = None) -> UserInvitation:
    """Return the body of an invitation.

    Raises:
        InvalidArgumentError: A field of the user is not allowed.
    """
    if email_metadata is not None:
        arguments.check_mapping(email_metadata, "email_metadata")
        arguments.check_json(email_metadata, "email_metadata")
    return UserInvitation(**_fields(user, ""), email_metadata=email_metadata)


@without_frames
def bulk_invitations(users: object) -> tuple[BulkUserInvitation, ...]:
    """Return the bodies of the requests for many invitations.

    Raises:
        InvalidArgumentError: ``users`` is empty or too long, two users have the same address, or a field is not
            allowed.
    """
    if isinstance(users, str) or not isinstance(users, Sequence):
        raise InvalidArgumentError(f"users must be a sequence of UserToInvite, not {kind_of(users)}")
    given = cast("Sequence[object]", users)
    if not 1 <= len(given) <= MAX_USERS:
        raise InvalidArgumentError(f"users must have 1 to {MAX_USERS:,} users, not {len(given):,}")
    seen: dict[str, int] = {}
    bodies: list[BulkUserInvitation] = []
    for index, user in enumerate(given):
        if not isinstance(user, UserToInvite):
            raise InvalidArgumentError(f"users[{index}] must be a UserToInvite, not {kind_of(user)}")
        fields = _fields(user, f"users[{index}].")
        before = seen.setdefault(folded(user.email), index)
        if before != index:
            raise InvalidArgumentError(f"users[{index}].email is also the address of users[{before}]")
        bodies.append(BulkUserInvitation(**fields, verified=user.verified))
    return tuple(bodies)


async def bulk_by_ids(
    caller: Caller, users: Sequence[UserToInvite], body: BulkInvitation, options: Options | None
) -> tuple[BulkInvitation, Options | None]:
    """Replace the role keys in invitations by role ids. Return the invitations, and the options for the write.

    Args:
        caller: Makes the request, if a user has role keys.
        users: The users.
        body: The invitations of the users, see `bulk_invitations`.
        options: Options of both requests together.

    Raises:
        FronteggError: The look-up failed, see `ids_before`. Nothing was written.
    """
    pairs = tuple(zip(users, body.users, strict=True))
    given = (sent.role_ids or () for user, sent in pairs if user.role_keys is not None)
    keys = tuple(dict.fromkeys(chain.from_iterable(given)))
    if not keys:
        return body, options
    arguments.check_body(body)
    found, options = await ids_before(caller, endpoints.BULK_INVITE, keys, options)
    ids = dict(zip(keys, found, strict=True))
    changed = (
        sent
        if user.role_keys is None
        else attrs.evolve(sent, role_ids=tuple(map(ids.__getitem__, sent.role_ids or ())))
        for user, sent in pairs
    )
    return BulkInvitation(users=tuple(changed)), options


def _fields(user: UserToInvite, place: str) -> dict[str, Any]:
    """Check the fields of a user, and return them in the format of the request."""
    arguments.check_email(user.email, f"{place}email")
    if user.name is not None:
        arguments.check_text(user.name, f"{place}name")
    if user.username is not None:
        check_username(user.username, f"{place}username")
    not_sent = {"send_email", "verified", "role_keys"}
    fields = {name: getattr(user, name) for name in attrs.fields_dict(UserToInvite) if name not in not_sent}
    if user.expiration_in_seconds is not None:
        fields["expiration_in_seconds"] = arguments.check_duration(
            user.expiration_in_seconds, f"{place}expiration_in_seconds", least=_SHORTEST, most=_LONGEST
        )
    fields["skip_invite_email"] = skips_email(user.send_email, f"{place}send_email")
    names = (f"{place}role_ids", f"{place}role_keys")
    fields["role_ids"] = optional_roles(user.role_ids, user.role_keys, names=names)
    check_picture(user.profile_picture_url, place)
    if user.metadata is not None:
        fields["metadata"] = json_text(user.metadata, f"{place}metadata")
    return fields


@without_frames
def check_username(username: object, argument: str = "username") -> None:
    """Check a user name.

    Raises:
        InvalidArgumentError: The name is not 1 to 255 letters, digits, ``.``, ``_`` and ``-``.
    """
    arguments.check_text(username, argument)
    if not _USERNAME.fullmatch(cast("str", username)):
        raise InvalidArgumentError(f"{argument} must be 1 to 255 letters, digits, '.', '_' and '-'")


@without_frames
def check_picture(address: object, place: str = "") -> None:
    """Check the length of the address of a picture.

    Args:
        address: The address. Values that are not text are ignored.
        place: The prefix of the argument's name in the message.

    Raises:
        InvalidArgumentError: The address is too long.
    """
    if isinstance(address, str) and len(address) > _LONGEST_ADDRESS:
        raise InvalidArgumentError(f"{place}profile_picture_url must have at most {_LONGEST_ADDRESS:,} characters")


@without_frames
def changed_fields(
    name: str | Unset,
    phone_number: str | Unset,
    profile_picture_url: str | None | Unset,
    metadata: Mapping[str, JsonValue] | Unset,
) -> UserUpdate:
    """Return the body of a change of a user.

    Raises:
        InvalidArgumentError: No field is given, or a field is not allowed.
    """
    check_picture(profile_picture_url)
    body = UserUpdate(
        name=name,
        phone_number=phone_number,
        profile_picture_url=profile_picture_url,
        metadata=metadata if metadata is UNSET else json_text(metadata, "metadata"),
    )
    if body == UserUpdate():
        raise InvalidArgumentError("give at least one of name, phone_number, profile_picture_url and metadata")
    if name is not UNSET:
        arguments.check_text(name, "name")
    return body


@without_frames
def json_text(value: Mapping[str, JsonValue], argument: str) -> str:
    """Return a user's metadata as JSON text.

    Raises:
        InvalidArgumentError: ``value`` is not a mapping, or JSON cannot represent it.
    """
    arguments.check_mapping(value, argument)
    arguments.check_json(value, argument)
    return encode_json(value).decode()
