"""``frontegg.users``: creation of users without an invitation, and full-text search for users."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from operator import attrgetter
from typing import Final

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.checks import arguments
from frontegg_async._core.http.urls import RedactedQuery
from frontegg_async._core.runtime.tracebacks import without_frames
from frontegg_async._values.flags import check_flag
from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.secret import Secret, hide, reveal
from frontegg_async._values.unset import UNSET, Unset
from frontegg_async.endpoints import user_creation as endpoints
from frontegg_async.endpoints import users
from frontegg_async.errors import InvalidArgumentError
from frontegg_async.models.page import Order, OrderLiteral
from frontegg_async.models.user_creation import UserCreate
from frontegg_async.models.users import User, UserSort, UserSortLiteral
from frontegg_async.options import Options
from frontegg_async.pages import AsyncPages
from frontegg_async.resources.support.chosen_tenant import caller_of
from frontegg_async.resources.support.creations import Created
from frontegg_async.resources.support.invited_users import check_username, json_text
from frontegg_async.resources.support.listing import PagedListing, check_sizes, order_of, split
from frontegg_async.resources.support.read_back import is_lacking, shows
from frontegg_async.resources.support.role_keys import by_ids, optional_roles
from frontegg_async.resources.support.writes import write

_SHORTEST: Final = 300
_LONGEST: Final = 2**31 - 1


class UserCreation:
    """Creation of users without an invitation, and full-text search for users."""

    __slots__ = ()

    _caller: Caller

    async def create(
        self,
        tenant_id: str,
        *,
        email: str,
        name: str | None = None,
        password: str | Secret | None = None,
        username: str | None = None,
        phone_number: str | None = None,
        metadata: Mapping[str, JsonValue] | None = None,
        vendor_metadata: Mapping[str, JsonValue] | None = None,
        role_ids: Sequence[str] | None = None,
        role_keys: Sequence[str] | None = None,
        mfa_bypass: bool | None = None,
        external_id: str | None = None,
        expiration_in_seconds: int | timedelta | None = None,
        options: Options | None = None,
    ) -> User:
        """Create a user in a tenant without an invitation, for example for tests. To invite people, use `invite`.

        ``POST /identity/resources/vendor-only/users/v1`` (documented). It is assumed that the service sends no e-mail.
        The client looks for the e-mail address before it sends the request, and again after a lost response. No
        operation returns passwords. So if ``password`` is given and a response is lost, the client cannot know whether
        it created the user that it finds.

        Args:
            tenant_id: The id of the tenant, 1 to 256 characters.
            email: The address of the user, at most 256 characters.
            name: The name that people see; not empty.
            password: The password of the user.
            username: A name to sign in with, 1 to 255 letters, digits, ``.``, ``_`` and ``-``.
            phone_number: The phone number, as ``+49301234567``.
            metadata: A JSON object of your own.
            vendor_metadata: A JSON object of your own, which the user does not see.
            role_ids: The ids of the roles that the user gets, at least one: roles of the environment or of the tenant;
                the service chooses by default.
            role_keys: The keys of the roles, in place of ``role_ids``; one more request finds their ids.
            mfa_bypass: Whether the user needs no second factor.
            external_id: The id of the user in your own system.
            expiration_in_seconds: The seconds after which the user leaves the tenant automatically, at least 300.

        Returns:
            The user.

        Raises:
            BadRequestError: The service refused a field, or the tenant may not use one of the roles.
            PermissionDeniedError: The tenant is locked.
            NotFoundError: There is no such tenant, or no role has one of the keys.
            ConflictError: There is a user with this address or user name already.
            OutcomeUnknownError: The response was lost: the user may or may not have been created.
            ResultLostError: The write was done, but its result could not be read. The error's attribute ``asked`` holds
                the arguments of the call.
        """
        password = hide(password)
        arguments.check_id(tenant_id, "tenant_id")
        arguments.check_email(email, "email")
        if name is not None:
            arguments.check_text(name, "name")
        if password is not None:
            arguments.check_text(reveal(password), "password")
        if username is not None:
            check_username(username)
        seconds = arguments.optional_duration(
            expiration_in_seconds, "expiration_in_seconds", least=_SHORTEST, most=_LONGEST
        )
        body = UserCreate(
            tenant_id=tenant_id,
            email=email,
            name=name,
            password=reveal(password),
            username=username,
            phone_number=phone_number,
            metadata=None if metadata is None else json_text(metadata, "metadata"),
            vendor_metadata=None if vendor_metadata is None else json_text(vendor_metadata, "vendor_metadata"),
            role_ids=optional_roles(role_ids, role_keys),
            mfa_bypass=mfa_bypass,
            external_id=external_id,
            expiration_in_seconds=seconds,
        )
        body, options = await by_ids(self._caller.for_tenant(tenant_id), endpoints.CREATE, body, role_keys, options)
        return await write(
            self._caller, endpoints.CREATE, body=body, options=options, reconcile=_created(self._caller, body)
        )

    def search(
        self,
        tenant_id: str | Unset = UNSET,
        *,
        contains: Sequence[str] | None = None,
        excludes: Sequence[str] | None = None,
        optional: Sequence[str] | None = None,
        approximate: bool = False,
        include_sub_tenants: bool = False,
        sort_by: UserSort | UserSortLiteral | None = None,
        order: Order | OrderLiteral | None = None,
        page_size: int = 200,
        prefetch: int = 2,
        options: Options | None = None,
    ) -> AsyncPages[User]:
        """Search users by phrases.

        ``GET /identity/resources/users/v1/query/phrase`` (documented), a request for each page. No source says which
        fields the service searches.

        Args:
            tenant_id: The id of the tenant, 1 to 256 characters. By default, all tenants are searched.
            contains: Phrases that must all be found.
            excludes: Phrases of which none may be found.
            optional: Phrases of which at least one must be found.
            approximate: Whether to find words that are similar to a phrase, too.
            include_sub_tenants: Whether to search the users of the tenant's sub-accounts, too.
            sort_by: The field to sort by: ``id``, the default, ``name``, ``email``, ``createdAt`` and others of
                `UserSort`.
            order: ``asc``, ascending, or ``desc``, descending.
            page_size: The number of users per page, 1 to 200.
            prefetch: The most pages to request ahead, 0 to 16.

        Returns:
            A listing of the users. The first request is sent when you iterate the listing. Each iteration sends the
            requests again.

        Raises:
            InvalidArgumentError: An argument is not allowed, or no phrase is given.
        """
        caller = caller_of(self._caller, tenant_id)
        check_sizes(page_size, prefetch)
        filters = _phrases(contains, excludes, optional)
        check_flag(approximate, "approximate", InvalidArgumentError)
        check_flag(include_sub_tenants, "include_sub_tenants", InvalidArgumentError)
        filters += [("_phraseSearchApproximate", "true")] if approximate else []
        if caller.tenant_id is not None:
            filters.append(("_includeSubTenants", "true" if include_sub_tenants else "false"))
        filters += order_of(sort_by, order, UserSort)
        whole = PagedListing(caller, endpoints.SEARCH, tuple(filters), page_size, options, sort_by=UserSort.ID)
        return AsyncPages(
            split(whole, None),
            key=attrgetter("id"),
            prefetch=prefetch,
            incomplete=caller.options_for(options).incomplete_listing,
        )


@without_frames
def _phrases(
    contains: Sequence[str] | None, excludes: Sequence[str] | None, optional: Sequence[str] | None
) -> list[tuple[str, str]]:
    """Return the filters for phrases.

    Raises:
        InvalidArgumentError: No phrase is given, or a phrase is not text.
    """
    given = {"contains": contains, "excludes": excludes, "optional": optional}
    filters = [
        (f"_phraseSearch{name.capitalize()}", phrase)
        for name, phrases in given.items()
        if phrases is not None
        for phrase in arguments.check_ids(phrases, name, kind="phrase")
    ]
    if not filters:
        raise InvalidArgumentError("give at least one phrase: contains, excludes or optional")
    return filters


def _created(caller: Caller, body: UserCreate) -> Created[User, User, User]:
    """Return a reader that looks for the created user by its e-mail address."""
    shown = UserCreate(
        tenant_id=body.tenant_id,
        email=body.email,
        name=body.name,
        mfa_bypass=body.mfa_bypass,
        external_id=body.external_id,
    )

    def tells(user: User) -> bool:
        sent = (name for name in ("mfa_bypass", "external_id") if getattr(body, name) is not None)
        return body.password is None and not any(is_lacking(user, name) for name in sent)

    return Created(
        caller,
        users.GET_BY_EMAIL,
        body,
        lambda user: (user,),
        lambda user: user,
        lambda user: user.id,
        agrees=lambda user: body.tenant_id in user.tenant_ids and shows(user, shown),
        tells=tells,
        query=RedactedQuery((("email", body.email or ""),)),
    )
