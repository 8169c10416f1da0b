"""``frontegg.tenants``: the management of tenants with the environment credential."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable, Mapping, Sequence

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.checks import arguments
from frontegg_async._core.checks.unknown_values import warn_unknown_values
from frontegg_async._values.flags import check_flag
from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.unset import UNSET, Unset
from frontegg_async.endpoints import Endpoint
from frontegg_async.endpoints import tenants as endpoints
from frontegg_async.errors import (
    ConflictError,
    FronteggError,
    InvalidArgumentError,
    NotFoundError,
    Outcome,
)
from frontegg_async.models.page import Order, OrderLiteral, Page
from frontegg_async.models.tenant_writes import TenantCreate, TenantUpdate
from frontegg_async.models.tenants import (
    MetadataUpdate,
    Tenant,
    TenantIds,
    TenantSort,
    TenantSortLiteral,
    UserCount,
    UserCountQuery,
    UserMove,
)
from frontegg_async.options import Options
from frontegg_async.pages import AsyncPages
from frontegg_async.resources.support.batches import in_batches
from frontegg_async.resources.support.created_tenants import check_create, create_checked, note_id
from frontegg_async.resources.support.read_back import Confirmed, ReadBack, same_json, says_absent, shows
from frontegg_async.resources.support.relations import Reads
from frontegg_async.resources.support.removed_keys import has_key, read_after_removal
from frontegg_async.resources.support.tenant_listings import tenant_pages
from frontegg_async.resources.support.writes import of_whole, write


class AsyncTenants:
    """The tenants of the environment.

    Every method takes ``options`` (`Options`) and can raise the common errors that `FronteggError` lists.
    """

    __slots__ = ("_caller",)

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def create(
        self,
        *,
        name: str,
        tenant_id: str | None = None,
        status: str | None = None,
        website: str | None = None,
        application_url: str | None = None,
        logo: str | None = None,
        logo_url: str | None = None,
        address: str | None = None,
        timezone: str | None = None,
        currency: str | None = None,
        creator_name: str | None = None,
        creator_email: str | None = None,
        is_reseller: bool | None = None,
        parent_tenant_id: str | None = None,
        metadata: JsonValue = None,
        options: Options | None = None,
    ) -> Tenant:
        """Create a tenant. The id of a deleted tenant can be used again.

        ``POST /tenants/resources/tenants/v1`` (observed). The client always chooses the id, so that a lost response
        never leads to a second tenant. Before the client sends the request again, it checks whether the tenant exists.

        Args:
            name: The name that people see.
            tenant_id: Your own id, 1 to 256 characters; a UUID by default.
            status: Free text for your own logic.
            website: The address of the tenant's web site.
            application_url: The address at which the tenant's users reach your application.
            logo: An image, base64-encoded.
            logo_url: The address of an image.
            address: A postal address.
            timezone: The name of a time zone, for example ``Europe/Berlin``. An unknown name is sent with an
                `UnknownValueWarning`.
            currency: A currency, for example ``EUR``. An unknown currency is sent with an `UnknownValueWarning`.
            creator_name: The name of the tenant's creator.
            creator_email: The e-mail address of the tenant's creator.
            is_reseller: Whether the tenant may have sub-accounts.
            parent_tenant_id: The id of the parent tenant, which must be a reseller.
            metadata: Any JSON value, usually a mapping. The service parses text as JSON, so text must be JSON.

        Returns:
            The tenant as the service made it.

        Raises:
            ConflictError: A live tenant has this id.
            BadRequestError: The service refused the fields, or the parent is not a reseller.
            NotFoundError: There is no such parent.
            OutcomeUnknownError: The response was lost: the tenant may or may not have been created. The error's
                attribute ``asked`` holds the argument ``tenant_id``.
            ResultLostError: The write was done, but its result could not be read. The error's attribute ``asked`` holds
                the arguments of the call.
        """
        body = TenantCreate(
            tenant_id=str(uuid.uuid4()) if tenant_id is None else tenant_id,
            name=name,
            status=status,
            website=website,
            application_url=application_url,
            logo=logo,
            logo_url=logo_url,
            address=address,
            timezone=timezone,
            currency=currency,
            creator_name=creator_name,
            creator_email=creator_email,
            is_reseller=is_reseller,
            parent_tenant_id=parent_tenant_id,
            metadata=metadata,
        )
        await check_create(body, self._caller.options_for(options).deadline)
        try:
            return await create_checked(self._caller, body, own_id=tenant_id is None, options=options)
        except asyncio.CancelledError as cancelled:
            if tenant_id is None:
                note_id(cancelled, body.tenant_id)
            raise

    def list(
        self,
        *,
        filter: str | None = None,
        sort_by: TenantSort | TenantSortLiteral | None = None,
        order: Order | OrderLiteral | None = None,
        tenant_ids: Sequence[str] | None = None,
        page_size: int = 200,
        prefetch: int = 2,
        options: Options | None = None,
    ) -> AsyncPages[Tenant]:
        """List tenants.

        ``GET /tenants/resources/tenants/v2`` (observed), a request for each page. The listing raises `PaginationError`
        if it yields another number of tenants than the service reports, unless a concurrent change explains the
        difference.

        Args:
            filter: Only tenants whose name or id contains this text, in any case.
            sort_by: The field to sort by: ``createdAt``, the default, ``name`` or ``tenantId``.
            order: ``asc``, ascending, the default, or ``desc``, descending.
            tenant_ids: Only tenants with these ids. An id must not contain a comma. One request has at most 100 ids;
                more ids are split into several requests.
            page_size: The number of tenants per page, 1 to 200.
            prefetch: The most pages to request ahead, 0 to 16.

        Returns:
            A listing of the tenants. The first request is sent when you iterate the listing. Each iteration sends the
            requests again.
        """
        return tenant_pages(
            self._caller,
            filter=filter,
            sort_by=sort_by,
            order=order,
            tenant_ids=tenant_ids,
            page_size=page_size,
            prefetch=prefetch,
            options=options,
        )

    async def get(self, tenant_id: str, *, options: Options | None = None) -> Tenant:
        """Get a tenant by its id.

        ``GET /tenants/resources/tenants/v2/{tenantId}`` (used by other clients).

        Args:
            tenant_id: The id of the tenant, 1 to 256 characters.

        Returns:
            The tenant.

        Raises:
            NotFoundError: There is no such tenant.
            ResponseMismatchError: The response was about another tenant.
        """
        arguments.check_id(tenant_id, "tenant_id")
        return await self._caller.value(endpoints.GET, path={"tenant_id": tenant_id}, options=options)

    async def get_by_alias(self, alias: str, *, options: Options | None = None) -> Tenant:
        """Get a tenant with custom login by its alias.

        ``GET /tenants/resources/tenants/v2/alias/{alias}`` (documented).

        Args:
            alias: The alias, 1 to 256 characters, without a slash.

        Returns:
            The tenant.

        Raises:
            NotFoundError: No tenant has this alias.
        """
        arguments.check_alias(alias, "alias")
        return await self._caller.value(endpoints.GET_BY_ALIAS, path={"alias": alias}, options=options)

    async def update(
        self,
        tenant_id: str,
        *,
        name: str | Unset = UNSET,
        status: str | None | Unset = UNSET,
        website: str | None | Unset = UNSET,
        application_url: str | None | Unset = UNSET,
        logo: str | None | Unset = UNSET,
        logo_url: str | None | Unset = UNSET,
        address: str | None | Unset = UNSET,
        timezone: str | None | Unset = UNSET,
        currency: str | None | Unset = UNSET,
        creator_name: str | None | Unset = UNSET,
        creator_email: str | None | Unset = UNSET,
        is_reseller: bool | Unset = UNSET,
        metadata: JsonValue | Unset = UNSET,
        options: Options | None = None,
    ) -> Tenant:
        """Change fields of a tenant. Omitted fields keep their values; ``None`` clears a field.

        ``PUT /tenants/resources/tenants/v2/{tenantId}`` (used by other clients). The last writer wins. ``metadata``
        replaces the whole old value. To change single keys, even during concurrent changes, use `add_metadata`.

        Args:
            tenant_id: The id of the tenant, 1 to 256 characters.
            name: The name that people see.
            status: Free text for your own logic.
            website: The address of the tenant's web site.
            application_url: The address at which the tenant's users reach your application.
            logo: An image, base64-encoded.
            logo_url: The address of an image.
            address: A postal address.
            timezone: The name of a time zone, for example ``Europe/Berlin``. An unknown name is sent with an
                `UnknownValueWarning`.
            currency: A currency, for example ``EUR``. An unknown currency is sent with an `UnknownValueWarning`.
            creator_name: The name of the tenant's creator.
            creator_email: The e-mail address of the tenant's creator.
            is_reseller: Whether the tenant may have sub-accounts.
            metadata: Any JSON value, which replaces the whole old value. The service parses text as JSON, so text must
                be JSON.

        Returns:
            The tenant as it is now.

        Raises:
            InvalidArgumentError: No field is given; nothing was sent.
            NotFoundError: There is no such tenant.
            BadRequestError: The service refused the fields.
            OutcomeUnknownError: The response was lost, so the change may or may not have been made.
            ResultLostError: The write was done, but its result could not be read. The error's attribute ``asked`` holds
                the arguments of the call.
        """
        arguments.check_id(tenant_id, "tenant_id")
        body = TenantUpdate(
            name=name,
            status=status,
            website=website,
            application_url=application_url,
            logo=logo,
            logo_url=logo_url,
            address=address,
            timezone=timezone,
            currency=currency,
            creator_name=creator_name,
            creator_email=creator_email,
            is_reseller=is_reseller,
            metadata=metadata,
        )
        if name is not UNSET:
            arguments.check_text(name, "name")
        if body == TenantUpdate():
            raise InvalidArgumentError("give at least one field to change")
        within = self._caller.options_for(options).deadline
        await warn_unknown_values(body, within=within)
        return await write(
            self._caller,
            endpoints.UPDATE,
            path={"tenant_id": tenant_id},
            body=body,
            options=options,
            reconcile=self._read_back(tenant_id, lambda tenant: shows(tenant, body)),
        )

    async def delete(self, tenant_id: str, *, options: Options | None = None) -> None:
        """Delete a tenant and all its users. Its sub-accounts move to its parent.

        ``DELETE /tenants/resources/tenants/v1/{tenantId}`` (observed). If a response is lost, the request is sent
        again; a 404 then counts as success, unless the option ``strict_delete`` is set.

        Args:
            tenant_id: The id of the tenant, 1 to 256 characters.

        Raises:
            NotFoundError: There is no such tenant.
            OutcomeUnknownError: The response was lost, so the tenant may or may not have been deleted.
        """
        arguments.check_id(tenant_id, "tenant_id")
        path = {"tenant_id": tenant_id}
        is_gone = Confirmed(self._caller, endpoints.GET, lambda tenant: tenant.is_deleted, path, is_removal=True)
        await self._caller.value(endpoints.DELETE, path=path, options=options, reconcile=is_gone)

    async def add_metadata(
        self, tenant_id: str, metadata: Mapping[str, JsonValue], *, options: Options | None = None
    ) -> Tenant:
        """Merge keys into a tenant's metadata. The metadata keep their other keys.

        ``POST /tenants/resources/tenants/v1/{tenantId}/metadata`` (observed). Concurrent merges of different keys do
        not overwrite each other. The new value of a key replaces the whole old value. Metadata that is not an object is
        replaced too.

        Args:
            tenant_id: The id of the tenant, 1 to 256 characters.
            metadata: The keys to set, each with any JSON value.

        Returns:
            The tenant as it is now.

        Raises:
            NotFoundError: There is no such tenant.
            OutcomeUnknownError: The response was lost, so the keys may or may not have been set.
            ResultLostError: The write was done, but its result could not be read. The error's attribute ``asked`` holds
                the arguments of the call.
        """
        arguments.check_id(tenant_id, "tenant_id")
        arguments.check_mapping(metadata, "metadata")
        return await write(
            self._caller,
            endpoints.ADD_METADATA,
            path={"tenant_id": tenant_id},
            body=MetadataUpdate(metadata=metadata),
            options=options,
            reconcile=self._read_back(tenant_id, lambda tenant: _has_keys(tenant, metadata)),
        )

    async def delete_metadata(self, tenant_id: str, key: str, *, options: Options | None = None) -> Tenant:
        """Remove a key from a tenant's metadata. The metadata keep their other keys.

        ``DELETE /tenants/resources/tenants/v1/{tenantId}/metadata/{key}`` (observed).

        Args:
            tenant_id: The id of the tenant, 1 to 256 characters.
            key: The key, 1 to 256 characters, not ``.`` or ``..``.

        Returns:
            The tenant as it is now.

        Raises:
            NotFoundError: There is no such tenant.
            OutcomeUnknownError: The response was lost, so the key may or may not have been removed.
            ResultLostError: The write was done, but its result could not be read. The error's attribute ``asked`` holds
                the arguments of the call.
        """
        arguments.check_id(tenant_id, "tenant_id")
        arguments.check_path_value(key, "key")
        path = {"tenant_id": tenant_id, "key": key}
        # The reads share the deadline of the whole call.
        reads = Reads(self._caller, self._caller.options_for(options))
        try:
            return await write(
                self._caller,
                endpoints.DELETE_METADATA,
                path=path,
                options=options,
                reconcile=self._read_back(tenant_id, lambda tenant: not has_key(tenant, key)),
            )
        except NotFoundError as error:
            if error.outcome is not Outcome.UNKNOWN or self._caller.options_for(options).strict_delete:
                raise
            missing = error
        # The 404 can mean that the tenant does not exist, or that an earlier attempt already removed the key.
        tenant = await read_after_removal(reads, missing, path)
        if tenant is None:
            raise missing.fresh()
        return tenant

    async def lock(self, tenant_ids: Sequence[str], *, options: Options | None = None) -> None:
        """Lock tenants: their users cannot sign in to them, refresh tokens or switch into them.

        ``POST /tenants/resources/tenants/v1/lock`` (documented), a request for each 100 ids.

        Args:
            tenant_ids: The ids, at least one.

        Raises:
            InvalidArgumentError: ``tenant_ids`` is empty or one of them is not allowed; nothing was sent.
            PartialFailureError: There were more than 100 ids, and some requests failed.
        """
        await self._send_ids(endpoints.LOCK, tenant_ids, options, is_locked=True)

    async def unlock(self, tenant_ids: Sequence[str], *, options: Options | None = None) -> None:
        """Unlock tenants.

        ``POST /tenants/resources/tenants/v1/unlock`` (documented), a request for each 100 ids.

        Args:
            tenant_ids: The ids, at least one.

        Raises:
            InvalidArgumentError: ``tenant_ids`` is empty or one of them is not allowed; nothing was sent.
            PartialFailureError: There were more than 100 ids, and some requests failed.
        """
        await self._send_ids(endpoints.UNLOCK, tenant_ids, options, is_locked=False)

    async def count_users(
        self,
        tenant_ids: Sequence[str],
        *,
        exclude_invisible_users: bool | None = None,
        options: Options | None = None,
    ) -> tuple[UserCount, ...]:
        """Count the users of tenants.

        ``POST /identity/resources/tenants/users/v1/count`` (used by other clients), a request for each 100 ids.

        Args:
            tenant_ids: The ids, at least one.
            exclude_invisible_users: Whether to exclude invisible users.

        Returns:
            A count for each tenant that the service knows.

        Raises:
            PartialFailureError: There were more than 100 ids, and some requests failed.
        """
        ids = arguments.check_ids(tenant_ids, "tenant_ids")
        if exclude_invisible_users is not None:
            check_flag(exclude_invisible_users, "exclude_invisible_users", InvalidArgumentError)

        async def send(batch: Sequence[str]) -> tuple[UserCount, ...]:
            query = UserCountQuery(tenant_ids=tuple(batch), exclude_invisible_users=exclude_invisible_users)
            return await self._caller.value(endpoints.USER_COUNTS, body=query, options=options)

        counts = await in_batches(endpoints.USER_COUNTS.name, ids, send)
        return tuple(count for batch in counts for count in batch)

    async def move_users(self, source_tenant_id: str, target_tenant_id: str, *, options: Options | None = None) -> None:
        """Move all users of one tenant to another tenant.

        ``PUT /identity/resources/users/v1/tenants/migrate`` (documented). The request is never sent twice.

        Args:
            source_tenant_id: The id of the tenant whose users are moved, 1 to 256 characters.
            target_tenant_id: The id of the tenant that gets the users, 1 to 256 characters. The id must differ from
                ``source_tenant_id``.

        Raises:
            NotFoundError: There is no such tenant.
            OutcomeUnknownError: The response was lost, so the users may or may not have been moved.
        """
        arguments.check_id(source_tenant_id, "source_tenant_id")
        arguments.check_id(target_tenant_id, "target_tenant_id")
        if source_tenant_id == target_tenant_id:
            raise InvalidArgumentError("target_tenant_id must not be source_tenant_id")
        body = UserMove(src_tenant_id=source_tenant_id, target_tenant_id=target_tenant_id)
        await self._caller.value(endpoints.MOVE_USERS, body=body, options=options)

    async def ensure(
        self,
        tenant_id: str,
        *,
        name: str,
        status: str | None = None,
        website: str | None = None,
        application_url: str | None = None,
        logo: str | None = None,
        logo_url: str | None = None,
        address: str | None = None,
        timezone: str | None = None,
        currency: str | None = None,
        creator_name: str | None = None,
        creator_email: str | None = None,
        is_reseller: bool | None = None,
        parent_tenant_id: str | None = None,
        metadata: JsonValue = None,
        options: Options | None = None,
    ) -> tuple[Tenant, bool]:
        """Get a tenant, or create it if it does not exist. An existing tenant does not change.

        The method calls `get`, and `create` if there is no tenant. If another program creates the tenant in between,
        that tenant is returned.

        Args:
            tenant_id: The id of the tenant, 1 to 256 characters.
            name: The name that people see.
            status: Free text for your own logic.
            website: The address of the tenant's web site.
            application_url: The address at which the tenant's users reach your application.
            logo: An image, base64-encoded.
            logo_url: The address of an image.
            address: A postal address.
            timezone: The name of a time zone, for example ``Europe/Berlin``. An unknown name is sent with an
                `UnknownValueWarning`.
            currency: A currency, for example ``EUR``. An unknown currency is sent with an `UnknownValueWarning`.
            creator_name: The name of the tenant's creator.
            creator_email: The e-mail address of the tenant's creator.
            is_reseller: Whether the tenant may have sub-accounts.
            parent_tenant_id: The id of the parent of a new tenant, which must be a reseller.
            metadata: Any JSON value, usually a mapping. The service parses text as JSON, so text must be JSON.

        Returns:
            The tenant, and whether this call created it.

        Raises:
            BadRequestError: The service refused the fields, or the parent is not a reseller.
            NotFoundError: There is no such parent.
            OutcomeUnknownError: The response was lost: the tenant may or may not have been created. The error's
                attribute ``asked`` holds the argument ``tenant_id``.
            ResultLostError: The write was done, but its result could not be read. The error's attribute ``asked`` holds
                the arguments of the call.
        """
        body = TenantCreate(
            tenant_id=tenant_id,
            name=name,
            status=status,
            website=website,
            application_url=application_url,
            logo=logo,
            logo_url=logo_url,
            address=address,
            timezone=timezone,
            currency=currency,
            creator_name=creator_name,
            creator_email=creator_email,
            is_reseller=is_reseller,
            parent_tenant_id=parent_tenant_id,
            metadata=metadata,
        )
        # `create` checks the body too, but only after the read of the tenant.
        arguments.check_body(body)
        await check_create(body, self._caller.options_for(options).deadline)
        tenant = await self._find(tenant_id, options, Outcome.NOT_SENT)
        if tenant is not None:
            return tenant, False
        try:
            return await create_checked(self._caller, body, own_id=False, options=options), True
        except ConflictError as conflict:
            tenant = await self._find(tenant_id, options, conflict.outcome or Outcome.REFUSED)
            if tenant is None:
                raise
        return tenant, False

    async def _send_ids(
        self, endpoint: Endpoint[None], tenant_ids: Sequence[str], options: Options | None, *, is_locked: bool
    ) -> None:
        async def send(batch: Sequence[str]) -> None:
            def holds(page: Page[Tenant]) -> bool:
                found = {tenant.tenant_id for tenant in page.items if tenant.is_locked is is_locked}
                return found.issuperset(batch)

            query = (("_tenantIds", ",".join(batch)), ("_limit", "200"))
            are_set = Confirmed(self._caller, endpoints.LIST, holds, query=query)
            body = TenantIds(tenant_ids=tuple(batch))
            await self._caller.value(endpoint, body=body, options=options, reconcile=are_set)

        ids = arguments.check_ids(tenant_ids, "tenant_ids")
        self._caller.check_writable(endpoint.name, options)
        await in_batches(endpoint.name, ids, send)

    async def _find(self, tenant_id: str, options: Options | None, known: Outcome) -> Tenant | None:
        """Return a tenant, or ``None`` if there is none. ``known`` is the error of its creation attempt."""
        try:
            return await self.get(tenant_id, options=options)
        except NotFoundError as error:
            if says_absent(error):
                return None
            failure: FronteggError = of_whole(error, known)
        except FronteggError as error:
            failure = of_whole(error, known)
        raise failure.fresh()

    def _read_back(self, tenant_id: str, shows_it: Callable[[Tenant], bool]) -> ReadBack[Tenant, Tenant]:
        return ReadBack(
            self._caller,
            endpoints.GET,
            lambda tenant: tenant if shows_it(tenant) else None,
            path={"tenant_id": tenant_id},
            is_of_the_object=True,
        )


def _has_keys(tenant: Tenant, sent: Mapping[str, JsonValue]) -> bool:
    shown = tenant.metadata
    return shown is None or (
        isinstance(shown, Mapping) and all(key in shown and same_json(sent[key], shown[key]) for key in sent)
    )
