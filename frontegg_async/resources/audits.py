"""``frontegg.audits``: the audit log of tenants, and of the environment."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from frontegg_async._core.checks import arguments
from frontegg_async._values.unset import UNSET, Unset
from frontegg_async.audit_streams import PAGE_SIZE, AsyncAuditTail
from frontegg_async.endpoints import audits as endpoints
from frontegg_async.errors import InvalidArgumentError
from frontegg_async.models.audits import Audit, AuditMetrics
from frontegg_async.models.page import Order, OrderLiteral
from frontegg_async.options import Options
from frontegg_async.pages import AsyncPages
from frontegg_async.resources.by_id.audits import AuditsById
from frontegg_async.resources.support.audit_requests import audit_pages, audit_tail, check_filters, milliseconds
from frontegg_async.resources.support.chosen_tenant import caller_of


class AsyncAudits(AuditsById):
    """The audit log of tenants, and of the environment.

    Every method takes ``options`` (`Options`) and can raise the common errors that `FronteggError` lists.
    """

    __slots__ = ()

    def list(
        self,
        tenant_id: str | Unset = UNSET,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        tenant_ids: Sequence[str] | None = None,
        user_ids: Sequence[str] | None = None,
        emails: Sequence[str] | None = None,
        filter: str | None = None,
        feature_flag_id: str | None = None,
        sort_by: str = "createdAt",
        order: Order | OrderLiteral = Order.DESC,
        page_size: int = PAGE_SIZE,
        prefetch: int = 2,
        options: Options | None = None,
    ) -> AsyncPages[Audit]:
        """List rows of the audit log, the newest first.

        ``GET /audits/resources/audits/v2`` (observed).

        Args:
            tenant_id: The id of the tenant, 1 to 256 characters; by default, the rows of all tenants are listed, which
                some environments are not allowed to do.
            since: Only rows created at this time or later; it needs a time zone.
            until: Only rows created at this time or before.
            tenant_ids: Only rows about these tenants.
            user_ids: Only rows of these users, by their ids.
            emails: Only rows of users with these e-mail addresses.
            filter: Only rows that the service finds with this text. No source says how the service searches.
            feature_flag_id: Only rows about this feature flag.
            sort_by: The service's name of the field to sort by.
            order: ``asc`` or ``desc``.
            page_size: The number of rows per page, 1 to 200.
            prefetch: The most pages to request ahead, 0 to 16.

        Returns:
            A listing of the rows. The first request is sent when you iterate the listing. Each iteration sends the
            requests again.
        """
        return audit_pages(
            caller_of(self._caller, tenant_id),
            check_filters(
                since=since,
                until=until,
                tenant_ids=tenant_ids,
                user_ids=user_ids,
                emails=emails,
                filter=filter,
                feature_flag_id=feature_flag_id,
            ),
            sort_by=sort_by,
            order=order,
            page_size=page_size,
            prefetch=prefetch,
            options=options,
        )

    def tail(
        self,
        tenant_id: str | Unset = UNSET,
        *,
        cursor: str | None = None,
        since: datetime | None = None,
        tenant_ids: Sequence[str] | None = None,
        user_ids: Sequence[str] | None = None,
        emails: Sequence[str] | None = None,
        filter: str | None = None,
        feature_flag_id: str | None = None,
        overlap: float | timedelta = 30.0,
        interval: float | timedelta = 10.0,
        options: Options | None = None,
    ) -> AsyncAuditTail:
        """Follow the audit log: yield each new row, the oldest first.

        ``GET /audits/resources/audits/v2`` (observed).

        Args:
            tenant_id: The id of the tenant, 1 to 256 characters; by default, the rows of all tenants are returned,
                which some environments are not allowed to do.
            cursor: The ``cursor`` of an earlier tail with the same filters, to continue that tail.
            since: The time, with a time zone, at which the tail begins if there is no ``cursor``: rows created at this
                time or later are returned. Without ``since`` and ``cursor``, the tail begins after the newest row.
            tenant_ids: Only rows about these tenants.
            user_ids: Only rows of these users, by their ids.
            emails: Only rows of users with these e-mail addresses.
            filter: Only rows that the service finds with this text. No source says how the service searches.
            feature_flag_id: Only rows about this feature flag.
            overlap: The most seconds between the time of a row and its appearance in the log, 0 to 86,400. A row that
                appears later is not returned.
            interval: The seconds between two requests for new rows, more than 0.

        Returns:
            The tail. Iterate the tail for all new rows; the iteration waits for more rows. Or call ``new()`` for the
            new rows that exist now. The first request is sent when you iterate the tail or call ``new()``.
        """
        return audit_tail(
            caller_of(self._caller, tenant_id),
            check_filters(
                tenant_ids=tenant_ids, user_ids=user_ids, emails=emails, filter=filter, feature_flag_id=feature_flag_id
            ),
            cursor=cursor,
            since=since,
            overlap=overlap,
            interval=interval,
            options=options,
        )

    async def get_metrics(
        self,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        limit: int | None = None,
        frequency: int | None = None,
        options: Options | None = None,
    ) -> AuditMetrics:
        """Count the audits of the environment by resource, by tenant and by time.

        ``GET /audits/resources/metrics/v1`` (documented). No source says in which unit the service expects times and
        intervals. The client sends milliseconds, for times since 1970.

        Args:
            since: Only audits created at this time or later; it needs a time zone.
            until: Only audits created at this time or before.
            limit: The most resources and the most tenants to count, at least 1.
            frequency: The length of each counted interval in milliseconds, at least 1.

        Returns:
            The counts.

        Raises:
            BadRequestError: The service refused the arguments.
        """
        query = dict[str, str]()
        for name, argument, time in (("from", "since", since), ("to", "until", until)):
            if time is not None:
                query[name] = str(milliseconds(time, argument))
        if since is not None and until is not None and until < since:
            raise InvalidArgumentError("until must not be before since")
        for name, number in (("limit", limit), ("frequency", frequency)):
            if number is not None:
                arguments.check_count(number, name, least=1, most=arguments.MAX_INTEGER)
                query[name] = str(number)
        return await self._caller.value(endpoints.METRICS, query=[*query.items()], options=options)
