"""``webhooks`` of one tenant: addresses that receive the tenant's events, and the log of calls to the addresses."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping, Sequence
from operator import attrgetter
from typing import Final

import attrs

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.checks import arguments
from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.records import columns_of
from frontegg_async._values.secret import Secret, hide, reveal
from frontegg_async._values.unset import UNSET, Unset
from frontegg_async._values.value import Value
from frontegg_async.endpoints import webhooks as endpoints
from frontegg_async.errors import InvalidArgumentError
from frontegg_async.models.page import Page
from frontegg_async.models.webhooks import Webhook, WebhookCreate, WebhookLog, WebhookTest, WebhookUpdate
from frontegg_async.options import Options
from frontegg_async.pages import MAX_PREFETCH, AsyncPages
from frontegg_async.resources.support.hooks import (
    check_hook_secret,
    check_hook_url,
    check_webhook_keys,
    created_hook,
    find_hook,
    updated_hook,
)
from frontegg_async.resources.support.read_back import ReadBack, unlisted
from frontegg_async.resources.support.whole_listing import same, whole_listing
from frontegg_async.resources.support.writes import write

_MOST_LOGS: Final = 200
"""The largest number of log rows that the client requests per page. The service's limit is not documented."""


class AsyncTenantWebhooks:
    """The webhooks of one tenant: addresses that receive the tenant's events.

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
        display_name: str | None = None,
        description: str | None = None,
        is_active: bool = True,
        options: Options | None = None,
    ) -> Webhook:
        """Create a webhook. The service then sends the events to the given address.

        ``POST /webhook/custom`` (used by other clients). The client lists the webhooks before it sends the request, and
        again after a lost response. The client sends the request again only if no new webhook has all requested values.

        Args:
            url: The address, ``https`` or ``http``.
            secret: The secret, not empty. The service signs the header ``x-webhook-secret`` of each call with the
                secret.
            event_keys: The keys of the events, such as ``frontegg.tenant.created``; at least one. Keys that this
                version of the package does not know are allowed.
            display_name: The name in the portal.
            description: The purpose, as free text.
            is_active: Whether the service sends events to the webhook immediately.

        Returns:
            The webhook.

        Raises:
            BadRequestError: The service refused the webhook.
            NotFoundError: There is no such tenant.
            OutcomeUnknownError: The response was lost, and the webhooks could not be read either. The error's ``asked``
                has the arguments of the call, without the secret.
            ResultLostError: The write was done, but its result could not be read. The error's attribute ``asked`` holds
                the arguments of the call.
        """
        hidden = hide(secret)
        del secret
        check_hook_url(url)
        check_hook_secret(hidden)
        body = WebhookCreate(
            url=url,
            secret=reveal(hidden),
            event_keys=check_webhook_keys(event_keys),
            is_active=is_active,
            display_name=display_name,
            description=description,
        )
        reconcile = created_hook(self._caller, endpoints.LIST, body)
        return await write(self._caller, endpoints.CREATE, body=body, options=options, reconcile=reconcile)

    def list(self, *, options: Options | None = None) -> AsyncPages[Webhook]:
        """List the webhooks.

        ``GET /webhook`` (observed).

        Returns:
            A listing of the webhooks. The first request is sent when you iterate the listing. Each iteration sends the
            requests again.
        """
        return whole_listing(self._caller, endpoints.LIST, Webhook, same, options=options)

    async def get(self, webhook_id: str, *, options: Options | None = None) -> Webhook:
        """Get a webhook by its id. The service cannot return a single webhook, so the client lists all of them.

        ``GET /webhook`` (observed).

        Args:
            webhook_id: The id of the webhook, 1 to 256 characters.

        Returns:
            The webhook.

        Raises:
            NotFoundError: The tenant has no such webhook.
        """
        arguments.check_id(webhook_id, "webhook_id")
        return find_hook(
            await self._caller.value(endpoints.LIST, options=options), webhook_id, endpoints.LIST, "webhook"
        )

    async def update(
        self,
        webhook_id: str,
        *,
        url: str | Unset = UNSET,
        secret: str | Secret | Unset = UNSET,
        event_keys: Sequence[str] | Unset = UNSET,
        display_name: str | None | Unset = UNSET,
        description: str | None | Unset = UNSET,
        is_active: bool | Unset = UNSET,
        options: Options | None = None,
    ) -> Webhook:
        """Change fields of a webhook. Omitted fields keep their values.

        ``PATCH /webhook/{id}`` (used by other clients).

        Args:
            webhook_id: The id of the webhook, 1 to 256 characters.
            url: The address, ``https`` or ``http``.
            secret: The new secret with which the service signs each call, not empty.
            event_keys: The new event keys, at least one, which replace all current keys.
            display_name: The name in the portal.
            description: The purpose, as free text.
            is_active: Whether events are sent. ``True`` also starts a webhook again that the service has stopped
                after failures.

        Returns:
            The webhook after the change.

        Raises:
            InvalidArgumentError: No field is given; nothing was sent.
            BadRequestError: The service refused the change.
            NotFoundError: The tenant has no such webhook.
            OutcomeUnknownError: The response was lost, so the change may or may not have been made.
            ResultLostError: The write was done, but its result could not be read. The error's attribute ``asked`` holds
                the arguments of the call.
        """
        hidden: Secret | Unset = hide(secret)
        del secret
        arguments.check_id(webhook_id, "webhook_id")
        if url is not UNSET:
            check_hook_url(url)
        if hidden is not UNSET:
            check_hook_secret(hidden)
        body = WebhookUpdate(
            url=url,
            secret=reveal(hidden),
            event_keys=UNSET if event_keys is UNSET else check_webhook_keys(event_keys),
            is_active=is_active,
            display_name=display_name,
            description=description,
        )
        if body == WebhookUpdate():
            raise InvalidArgumentError(
                "nothing to change: give at least one of "
                "url, secret, event_keys, display_name, description and is_active"
            )
        reconcile = ReadBack(self._caller, endpoints.LIST, lambda hooks: updated_hook(hooks, webhook_id, body))
        path = {"id": webhook_id}
        return await write(self._caller, endpoints.UPDATE, path=path, body=body, options=options, reconcile=reconcile)

    async def delete(self, webhook_id: str, *, options: Options | None = None) -> None:
        """Delete a webhook. The service no longer sends events to it.

        ``DELETE /webhook/{id}`` (used by other clients). If a response is lost, the request is sent again; a 404 then
        counts as success, unless the option ``strict_delete`` is set.

        Args:
            webhook_id: The id of the webhook, 1 to 256 characters.

        Raises:
            NotFoundError: The tenant has no such webhook.
        """
        arguments.check_id(webhook_id, "webhook_id")
        is_gone = unlisted(self._caller, endpoints.LIST, webhook_id)
        await self._caller.value(endpoints.DELETE, path={"id": webhook_id}, options=options, reconcile=is_gone)

    def list_logs(
        self, webhook_id: str, *, page_size: int = 100, prefetch: int = 2, options: Options | None = None
    ) -> AsyncPages[WebhookLog]:
        """List the logged calls of the service to a webhook.

        ``GET /webhook/logs`` (used by other clients).

        Args:
            webhook_id: The id of the webhook, 1 to 256 characters.
            page_size: The number of calls in a page, 1 to 200.
            prefetch: The largest number of pages that the client requests ahead, 0 to 16.

        Returns:
            A listing of the calls. The first request is sent when you iterate the listing. Each iteration sends the
            requests again.
        """
        arguments.check_id(webhook_id, "webhook_id")
        arguments.check_count(page_size, "page_size", least=1, most=_MOST_LOGS)
        arguments.check_count(prefetch, "prefetch", least=0, most=MAX_PREFETCH)
        return AsyncPages(
            [_LogListing(self._caller, webhook_id, page_size, options)],
            key=attrgetter("id"),
            prefetch=prefetch,
            incomplete=self._caller.options_for(options).incomplete_listing,
        )

    async def redeliver(self, log_id: str, *, options: Options | None = None) -> WebhookLog:
        """Make the service send a logged event again. The client never repeats the request.

        ``POST /webhook/logs/{logId}/retries`` (used by other clients).

        Args:
            log_id: The id of the call in the log, 1 to 256 characters.

        Returns:
            The new call, as it appears in the log.

        Raises:
            NotFoundError: The log of the tenant has no such call.
            OutcomeUnknownError: The response was lost, so the event may or may not have been sent.
            ResultLostError: The event was sent, but the result could not be read.
        """
        arguments.check_id(log_id, "log_id")
        return await write(self._caller, endpoints.REDELIVER, path={"log_id": log_id}, options=options)

    async def test(
        self,
        *,
        url: str,
        secret: str | Secret,
        payload: Mapping[str, JsonValue] | None = None,
        options: Options | None = None,
    ) -> WebhookLog:
        """Make the service call an address like a webhook. The client never repeats the request.

        ``POST /webhook/test`` (used by other clients). The portal's test sends no header ``x-webhook-secret``, so a
        receiver that verifies the header refuses that test.

        Args:
            url: The address, ``https`` or ``http``.
            secret: The secret of the webhook, not empty.
            payload: The JSON body to send. By default the service chooses the body.

        Returns:
            The call, as it appears in the log.

        Raises:
            BadRequestError: The service refused the test.
            OutcomeUnknownError: The response was lost, so the address may or may not have been called.
            ResultLostError: The address was called, but the result could not be read.
        """
        hidden = hide(secret)
        del secret
        check_hook_url(url)
        check_hook_secret(hidden)
        if payload is not None:
            arguments.check_mapping(payload, "payload")
        body = WebhookTest(url=url, secret=reveal(hidden), payload=payload)
        return await write(self._caller, endpoints.TEST, body=body, options=options)


@attrs.frozen(eq=False, repr=False)
class _LogListing(Value):
    """The listing of a webhook's log. A request for a page names the number of the page's first row."""

    caller: Caller
    webhook_id: str
    page_size: int
    options: Options | None

    async def fetch(
        self, index: int, page_size: int | None = None, turn: Awaitable[None] | None = None
    ) -> Page[WebhookLog]:
        """Return a page."""
        size = page_size or self.page_size
        query = (("id", self.webhook_id), ("offset", str(index * size)), ("limit", str(size)))
        found = await self.caller.value(endpoints.LOGS, query=query, options=self.options, turn=turn)
        return Page(items=found.rows, total=found.count, index=index)

    def halves(self) -> Sequence[_LogListing]:
        """Return an empty sequence, because this listing cannot be split."""
        return ()

    @property
    def operation(self) -> str:
        """The name of the operation."""
        return endpoints.LOGS.name

    @property
    def most(self) -> int | None:
        """The upper limit of the number of calls: ``None``, because the limit is unknown."""
        return None

    @property
    def request(self) -> Mapping[str, str]:
        """The id of the webhook, as the argument of the method that lists."""
        return {"webhook_id": self.webhook_id}

    @property
    def columns(self) -> Sequence[str]:
        """The column names of a call in the log."""
        return columns_of(WebhookLog)

    def may_prefetch(self) -> bool:
        """Return whether the service has not rate-limited this route recently."""
        return not self.caller.was_limited(endpoints.LOGS)
