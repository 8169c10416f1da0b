"""``frontegg.prehooks``: addresses that the service calls before an event, and that may refuse the event."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.checks import arguments
from frontegg_async._values.secret import Secret, hide, reveal
from frontegg_async._values.unset import UNSET, Unset
from frontegg_async.endpoints import prehooks as endpoints
from frontegg_async.errors import InvalidArgumentError
from frontegg_async.models.prehooks import (
    Prehook,
    PrehookCreate,
    PrehookFailMethod,
    PrehookFailMethodLiteral,
    PrehookUpdate,
)
from frontegg_async.options import Options
from frontegg_async.pages import AsyncPages
from frontegg_async.resources.support.hooks import (
    check_hook_secret,
    check_hook_url,
    check_prehook_keys,
    created_hook,
    find_hook,
    updated_hook,
)
from frontegg_async.resources.support.read_back import ReadBack, unlisted
from frontegg_async.resources.support.whole_listing import same, whole_listing
from frontegg_async.resources.support.writes import write

MAX_TIMEOUT: Final = 10
"""The most seconds that a prehook may take."""


class AsyncPrehooks:
    """The prehooks of the environment. The service allows one prehook for each event.

    Every method takes ``options`` (`Options`) and can raise the common errors that `FronteggError` lists.
    """

    __slots__ = ("_caller",)

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def create(
        self,
        *,
        url: str,
        secret: str | Secret,
        event_keys: Sequence[str],
        fail_method: PrehookFailMethod | PrehookFailMethodLiteral,
        timeout: int | timedelta | None = None,
        display_name: str | None = None,
        description: str | None = None,
        is_active: bool = True,
        options: Options | None = None,
    ) -> Prehook:
        """Create a prehook: from now on, the service calls an address of yours before certain events.

        ``POST /prehooks/resources/configurations/v1`` (used by other clients). The client lists the prehooks before it
        sends the request, and again after a lost response. It sends the request again only if no new prehook has the
        requested values.

        Args:
            url: The address, ``https`` or ``http``.
            secret: The secret that signs the header ``x-webhook-secret`` of each call, not empty.
            event_keys: The keys of the events, for example ``CREATE_TENANT``; at least one. Keys that this version does
                not know are allowed.
            fail_method: The result if the address fails or does not respond in time: ``open`` lets the event continue,
                ``close`` refuses the event.
            timeout: The most seconds for a response, 1 to 10; the service chooses by default.
            display_name: The name of the prehook in the portal.
            description: The purpose of the prehook.
            is_active: Whether the service calls the address from now on.

        Returns:
            The prehook.

        Raises:
            BadRequestError: The service refused the prehook.
            ConflictError: An event has a prehook already.
            OutcomeUnknownError: The response was lost, and the prehooks could not be read either; ``asked`` has the
                arguments without the secret.
            ResultLostError: The write was done, but its result could not be read. The error's attribute ``asked`` holds
                the arguments of the call.
        """
        hidden = hide(secret)
        del secret
        check_hook_url(url)
        check_hook_secret(hidden)
        if timeout is not None:
            timeout = arguments.check_duration(timeout, "timeout", least=1, most=MAX_TIMEOUT)
        body = PrehookCreate(
            url=url,
            secret=reveal(hidden),
            event_keys=check_prehook_keys(event_keys),
            fail_method=arguments.check_member(fail_method, PrehookFailMethod, "fail_method"),
            is_active=is_active,
            display_name=display_name,
            description=description,
            timeout=timeout,
        )
        reconcile = created_hook(self._caller, endpoints.LIST, body)
        return await write(self._caller, endpoints.CREATE, body=body, options=options, reconcile=reconcile)

    def list(self, *, options: Options | None = None) -> AsyncPages[Prehook]:
        """List the prehooks.

        ``GET /prehooks/resources/configurations/v1`` (used by other clients).

        Returns:
            A listing of the prehooks. The first request is sent when you iterate the listing. Each iteration sends the
            requests again. The listing includes prehooks whose code runs at the service.
        """
        return whole_listing(self._caller, endpoints.LIST, Prehook, same, options=options)

    async def get(self, prehook_id: str, *, options: Options | None = None) -> Prehook:
        """Get a prehook by its id. The client lists all prehooks, since no known operation gets a single prehook.

        ``GET /prehooks/resources/configurations/v1`` (used by other clients).

        Args:
            prehook_id: The id of the prehook, 1 to 256 characters.

        Returns:
            The prehook.

        Raises:
            NotFoundError: There is no such prehook.
        """
        arguments.check_id(prehook_id, "prehook_id")
        return find_hook(
            await self._caller.value(endpoints.LIST, options=options), prehook_id, endpoints.LIST, "prehook"
        )

    async def update(
        self,
        prehook_id: str,
        *,
        url: str | Unset = UNSET,
        secret: str | Secret | Unset = UNSET,
        event_keys: Sequence[str] | Unset = UNSET,
        fail_method: PrehookFailMethod | PrehookFailMethodLiteral | Unset = UNSET,
        timeout: int | timedelta | Unset = UNSET,
        display_name: str | None | Unset = UNSET,
        description: str | None | Unset = UNSET,
        is_active: bool | Unset = UNSET,
        options: Options | None = None,
    ) -> Prehook:
        """Change fields of a prehook. Omitted fields keep their values.

        ``PATCH /prehooks/resources/configurations/v1/{id}`` (used by other clients).

        Args:
            prehook_id: The id of the prehook, 1 to 256 characters.
            url: The address, ``https`` or ``http``.
            secret: The secret that signs each call from now on, not empty.
            event_keys: The keys of the events, which replace the old keys; at least one.
            fail_method: The result if the address fails: ``open`` lets the event continue, ``close`` refuses the event.
            timeout: The most seconds for a response, 1 to 10.
            display_name: The name of the prehook in the portal.
            description: The purpose of the prehook.
            is_active: Whether the service calls the address.

        Returns:
            The prehook as it is now.

        Raises:
            InvalidArgumentError: There is nothing to change; nothing was sent.
            BadRequestError: The service refused the change.
            NotFoundError: There is no such prehook.
            ConflictError: An event has another prehook already.
            OutcomeUnknownError: The response was lost, so the change may or may not have been made.
            ResultLostError: The write was done, but its result could not be read. The error's attribute ``asked`` holds
                the arguments of the call.
        """
        hidden: Secret | Unset = hide(secret)
        del secret
        arguments.check_id(prehook_id, "prehook_id")
        if url is not UNSET:
            check_hook_url(url)
        if hidden is not UNSET:
            check_hook_secret(hidden)
        if timeout is not UNSET:
            timeout = arguments.check_duration(timeout, "timeout", least=1, most=MAX_TIMEOUT)
        body = PrehookUpdate(
            url=url,
            secret=reveal(hidden),
            event_keys=UNSET if event_keys is UNSET else check_prehook_keys(event_keys),
            fail_method=(
                UNSET if fail_method is UNSET else arguments.check_member(fail_method, PrehookFailMethod, "fail_method")
            ),
            is_active=is_active,
            display_name=display_name,
            description=description,
            timeout=timeout,
        )
        if body == PrehookUpdate():
            raise InvalidArgumentError("nothing to change: give at least one field of the prehook")
        reconcile = ReadBack(self._caller, endpoints.LIST, lambda hooks: updated_hook(hooks, prehook_id, body))
        path = {"id": prehook_id}
        return await write(self._caller, endpoints.UPDATE, path=path, body=body, options=options, reconcile=reconcile)

    async def delete(self, prehook_id: str, *, options: Options | None = None) -> None:
        """Delete a prehook. The service no longer calls its address.

        ``DELETE /prehooks/resources/configurations/v1/{id}`` (used by other clients). If a response is lost, the
        request is sent again; a 404 then counts as success, unless the option ``strict_delete`` is set.

        Args:
            prehook_id: The id of the prehook, 1 to 256 characters.

        Raises:
            NotFoundError: There is no such prehook.
        """
        arguments.check_id(prehook_id, "prehook_id")
        is_gone = unlisted(self._caller, endpoints.LIST, prehook_id)
        await self._caller.value(endpoints.DELETE, path={"id": prehook_id}, options=options, reconcile=is_gone)
