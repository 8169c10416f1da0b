"""``audits`` of one tenant: its audit log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.checks import arguments
from frontegg_async._core.runtime.tracebacks import without_frames
from frontegg_async._values.json_values import JsonValue
from frontegg_async.audit_streams import PAGE_SIZE, AsyncAuditExport, AsyncAuditTail
from frontegg_async.endpoints import audits as endpoints
from frontegg_async.errors import InvalidArgumentError
from frontegg_async.models.audits import Audit, AuditCreate, AuditSeverity, AuditSeverityLiteral, AuditStats
from frontegg_async.models.page import Order, OrderLiteral
from frontegg_async.options import Options
from frontegg_async.pages import AsyncPages
from frontegg_async.resources.support.audit_requests import (
    AuditRequests,
    audit_pages,
    audit_tail,
    check_columns,
    check_filters,
)


class AsyncOwnAudits:
    """The audit log of the user's own tenant. Users can read the log but not write it.

    Every method takes ``options`` (`Options`) and can raise the common errors that `FronteggError` lists.
    """

    __slots__ = ("_caller",)

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def list(
        self,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
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
        """List rows of the audit log, newest first.

        ``GET /audits/resources/audits/v2`` (observed).

        Args:
            since: Only rows created at this time or later. The time needs a time zone.
            until: Only rows created at this time or earlier.
            user_ids: Only rows of the users with these ids.
            emails: Only rows of users with these e-mail addresses.
            filter: Only rows that the service's search finds for this text. The documentation does not describe the
                search.
            feature_flag_id: Only rows about this feature flag.
            sort_by: The service's name of the field to sort by.
            order: ``asc`` (ascending) or ``desc`` (descending).
            page_size: The number of rows in a page, 1 to 200.
            prefetch: The largest number of pages that the client requests ahead, 0 to 16.

        Returns:
            A listing of the rows. The first request is sent when you iterate the listing. Each iteration sends the
            requests again.
        """
        return audit_pages(
            self._caller,
            check_filters(
                since=since,
                until=until,
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
        *,
        cursor: str | None = None,
        since: datetime | None = None,
        user_ids: Sequence[str] | None = None,
        emails: Sequence[str] | None = None,
        filter: str | None = None,
        feature_flag_id: str | None = None,
        overlap: float | timedelta = 30.0,
        interval: float | timedelta = 10.0,
        options: Options | None = None,
    ) -> AsyncAuditTail:
        """Follow the audit log: yield each new row, oldest first.

        ``GET /audits/resources/audits/v2`` (observed).

        Args:
            cursor: The place in the log where the tail resumes: the ``cursor`` of an earlier tail with the same
                filters.
            since: Only rows created at this time or later, for a tail without ``cursor``. The time needs a time zone.
                Without ``cursor`` and ``since``, the tail begins after the newest row.
            user_ids: Only rows of the users with these ids.
            emails: Only rows of users with these e-mail addresses.
            filter: Only rows that the service's search finds for this text. The documentation does not describe the
                search.
            feature_flag_id: Only rows about this feature flag.
            overlap: The longest delay, in seconds, between the time of a row and its appearance in the log, 0 to
                86,400. The tail misses rows with a longer delay.
            interval: The seconds between two requests for new rows, more than 0.

        Returns:
            The tail. Iterate the tail for all new rows; the iteration waits for more rows. Or call ``new()`` for the
            new rows that exist now. The first request is sent when you iterate the tail or call ``new()``.
        """
        return audit_tail(
            self._caller,
            check_filters(user_ids=user_ids, emails=emails, filter=filter, feature_flag_id=feature_flag_id),
            cursor=cursor,
            since=since,
            overlap=overlap,
            interval=interval,
            options=options,
        )

    def export_csv(
        self,
        *,
        columns: Mapping[str, str] | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        user_ids: Sequence[str] | None = None,
        emails: Sequence[str] | None = None,
        filter: str | None = None,
        feature_flag_id: str | None = None,
        options: Options | None = None,
    ) -> AsyncAuditExport:
        """Export rows of the audit log as CSV, oldest first.

        ``POST /audits/resources/audits/v2/export/csv`` (documented). The client sends one request for each 200 rows.

        Args:
            columns: The service's field names with their headings, such as ``{"createdAt": "Created at"}``. The default
                is eight common fields.
            since: Only rows created at this time or later. The time needs a time zone.
            until: Only rows created at this time or earlier.
            user_ids: Only rows of the users with these ids.
            emails: Only rows of users with these e-mail addresses.
            filter: Only rows that the service's search finds for this text. The documentation does not describe the
                search.
            feature_flag_id: Only rows about this feature flag.

        Returns:
            The export. Iterate the export for pieces of the file, or call ``save()`` to write the file. The first
            request is sent when you iterate the export or call ``save()``.
        """
        filters = check_filters(
            since=since,
            until=until,
            user_ids=user_ids,
            emails=emails,
            filter=filter,
            feature_flag_id=feature_flag_id,
        )
        self._caller.options_for(options)
        return AsyncAuditExport(AuditRequests(self._caller, filters, options, columns_sent=check_columns(columns)))

    async def get_stats(self, *, options: Options | None = None) -> AuditStats:
        """Count today's and this week's rows of the audit log.

        ``GET /audits/stats`` (used by other clients).

        Returns:
            The counts.

        Raises:
            PermissionDeniedError: The user may not see the audit log.
            NotFoundError: There is no such tenant.
        """
        return await self._caller.value(endpoints.STATS, options=options)


class AsyncTenantAudits(AsyncOwnAudits):
    """The audit log of one tenant.

    Every method takes ``options`` (`Options`) and can raise the common errors that `FronteggError` lists.
    """

    __slots__ = ()

    async def write(
        self,
        *,
        severity: AuditSeverity | AuditSeverityLiteral,
        action: str | None = None,
        description: str | None = None,
        email: str | None = None,
        fields: Mapping[str, JsonValue] | None = None,
        options: Options | None = None,
    ) -> None:
        """Write a row into the audit log. The request is never sent twice. The row appears after a short delay.

        ``POST /audits`` (documented).

        Args:
            severity: ``Info``, ``Medium``, ``High``, ``Critical`` or ``Error``.
            action: The name of the action; not empty.
            description: A sentence that describes the action; not empty.
            email: The e-mail address of the person who acted.
            fields: Further fields of the row, by the service's names, such as ``resource`` and ``ip``. Fields of your
                own are allowed.

        Raises:
            BadRequestError: The service refused the row.
            NotFoundError: There is no such tenant.
            OutcomeUnknownError: The response was lost, so the row may or may not have been written.
        """
        for argument, text in (("action", action), ("description", description)):
            if text is not None:
                arguments.check_text(text, argument)
        if email is not None:
            arguments.check_email(email, "email")
        body = AuditCreate(
            severity=arguments.check_member(severity, AuditSeverity, "severity"),
            action=action,
            description=description,
            email=email,
            fields=_check_fields({} if fields is None else fields),
        )
        await self._caller.value(endpoints.WRITE, body=body, options=options)


_OWN: Final = frozenset({"severity", "action", "description", "email"})


@without_frames
def _check_fields(fields: Mapping[str, JsonValue]) -> Mapping[str, JsonValue]:
    arguments.check_mapping(fields, "fields")
    arguments.check_json(fields, "fields")
    if own := sorted(_OWN.intersection(fields)):
        raise InvalidArgumentError(f"fields must not have {', '.join(own)}: give {own[0]} as an argument")
    return fields
