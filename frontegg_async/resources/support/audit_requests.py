"""Requests for the audit log: the queries of listings, tails and exports."""

from __future__ import annotations

import math
import re
from collections.abc import Awaitable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from typing import Final

import attrs

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.call.rate_limits import parse_http_date
from frontegg_async._core.checks import arguments
from frontegg_async._core.http.urls import RedactedQuery
from frontegg_async._core.runtime.tracebacks import without_frames
from frontegg_async._values.durations import in_seconds
from frontegg_async._values.kinds import kind_of, shown
from frontegg_async._values.records import columns_of
from frontegg_async._values.value import Value
from frontegg_async.audit_position import TailPosition
from frontegg_async.audit_streams import PAGE_SIZE, AsyncAuditTail
from frontegg_async.endpoints import audits as endpoints
from frontegg_async.errors import InvalidArgumentError
from frontegg_async.models.audits import Audit, AuditColumn, AuditExport, AuditRows
from frontegg_async.models.page import Order, Page
from frontegg_async.options import Options
from frontegg_async.pages import MAX_PREFETCH, AsyncPages

_Query = tuple[tuple[str, str], ...]

_LONGEST_OVERLAP: Final = 86_400
_CREATED_AT: Final = "createdAt"
_FIELD: Final = re.compile(r"[A-Za-z0-9_]{1,256}", re.ASCII)

_COLUMNS: Final = tuple(
    AuditColumn(name=name, display_name=heading)
    for name, heading in (
        ("createdAt", "Created at"),
        ("severity", "Severity"),
        ("action", "Action"),
        ("resource", "Resource"),
        ("description", "Description"),
        ("email", "E-mail"),
        ("ip", "IP address"),
        ("tenantId", "Tenant"),
    )
)
"""The default columns of an export."""


def moment(value: object, argument: str) -> str:
    """Format a time for a request, in UTC with milliseconds.

    Raises:
        InvalidArgumentError: The value is not a datetime with a time zone, or is outside the years 1 to 9999 in UTC.
    """
    try:
        time = _check_moment(value, argument).astimezone(UTC)
    except OverflowError:
        time = None
    if time is None:
        raise InvalidArgumentError(f"{argument} must be a time between the years 1 and 9999 in UTC")
    return time.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def milliseconds(value: object, argument: str) -> int:
    """Return a time as milliseconds since 1970.

    Raises:
        InvalidArgumentError: The value is not a datetime with a time zone.
    """
    return int(_check_moment(value, argument).timestamp() * 1000)


def _check_moment(value: object, argument: str) -> datetime:
    if isinstance(value, datetime) and value.utcoffset() is not None:
        return value
    kind = "one without" if isinstance(value, datetime) else kind_of(value)
    hint = ": for a time in the past, give datetime.now(UTC) - timedelta(...)" if isinstance(value, timedelta) else ""
    raise InvalidArgumentError(
        f"{argument} must be a datetime with a time zone, such as datetime.now(UTC), not {kind}{hint}"
    )


def check_field(value: object, argument: str) -> str:
    """Check the name of a field, and return the name.

    Raises:
        InvalidArgumentError: The value is not 1 to 256 letters, digits and underscores.
    """
    if not isinstance(value, str) or not _FIELD.fullmatch(value):
        raise InvalidArgumentError(f"{argument} must be a field name that consists of letters, digits and '_'")
    return value


@without_frames
def check_filters(
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    tenant_ids: Sequence[str] | None = None,
    user_ids: Sequence[str] | None = None,
    emails: Sequence[str] | None = None,
    filter: str | None = None,
    feature_flag_id: str | None = None,
) -> _Query:
    """Check the filters of the audit log, and return their query parameters.

    Raises:
        InvalidArgumentError: An argument is not allowed.
    """
    query: list[tuple[str, str]] = []
    if since is not None:
        query.append(("created_from", moment(since, "since")))
    if until is not None:
        query.append(("created_to", moment(until, "until")))
    if since is not None and until is not None and until < since:
        raise InvalidArgumentError("until must not be before since")
    for name, argument, values in (("tenant_ids", "tenant_ids", tenant_ids), ("users", "user_ids", user_ids)):
        if values is not None:
            query += [(name, value) for value in arguments.check_ids(values, argument, of_query=True)]
    if emails is not None:
        for index, email in enumerate(addresses := arguments.check_ids(emails, "emails", of_query=True, kind="e-mail")):
            arguments.check_email(email, f"emails[{index}]")
        query += [("email", email) for email in addresses]
    if filter is not None:
        arguments.check_text(filter, "filter")
        query.append(("filter", filter))
    if feature_flag_id is not None:
        arguments.check_id(feature_flag_id, "feature_flag_id")
        query.append(("featureFlagId", feature_flag_id))
    return tuple(query)


@without_frames
def check_columns(columns: Mapping[str, str] | None) -> AuditExport:
    """Check the columns of an export, and return the body of the request.

    Raises:
        InvalidArgumentError: ``columns`` is not a mapping, is empty, or has a field or heading that is not allowed.
    """
    if columns is None:
        return AuditExport(properties=_COLUMNS)
    if not isinstance(columns, Mapping) or not columns:
        raise InvalidArgumentError("columns must be a mapping of at least one field to its heading")
    for name, heading in columns.items():
        check_field(name, "a key of columns")
        arguments.check_text(heading, f"columns[{name!r}]")
        if not heading.isprintable():
            raise InvalidArgumentError(f"columns[{name!r}] must not have line breaks or control characters")
    return AuditExport(properties=tuple(AuditColumn(name=name, display_name=text) for name, text in columns.items()))


@attrs.frozen(eq=False, repr=False)
class AuditRequests(Value):
    """A query of the audit log. It fetches the rows of listings, tails and exports."""

    caller: Caller
    filters: _Query = attrs.field(repr=False)
    options: Options | None
    order: Order = Order.ASC
    sort_by: str = _CREATED_AT
    page_size: int = PAGE_SIZE
    columns_sent: AuditExport | None = None

    async def fetch(self, index: int, page_size: int | None = None, turn: Awaitable[None] | None = None) -> Page[Audit]:
        """Return a page. The offset in the request is a number of rows, not of pages."""
        query = self._query(page_size or self.page_size, index * self.page_size, self.order)
        found = await self.caller.value(endpoints.LIST, query=query, options=self.options, turn=turn)
        return Page(items=found.data, total=found.total, index=index)

    async def rows(self, created_from: datetime | None, offset: int) -> tuple[AuditRows, int]:
        """Fetch rows for a tail."""
        return await self._asked(self._query(PAGE_SIZE, offset, Order.ASC, created_from=created_from))

    async def newest(self) -> tuple[AuditRows, int]:
        """Fetch the newest rows. A tail begins after these rows."""
        return await self._asked(self._query(PAGE_SIZE, 0, Order.DESC))

    async def _asked(self, query: RedactedQuery) -> tuple[AuditRows, int]:
        response = await self.caller.response(endpoints.LIST, query=query, options=self.options)
        local = self.caller.clocks.wall()
        date = parse_http_date(response.headers.get("date", ""))
        asked = (local if date is None else min(date, local)) - response.elapsed
        return response.value, int(asked * 1_000_000)

    async def csv(self, offset: int) -> bytes:
        """Fetch rows as CSV."""
        query = self._query(PAGE_SIZE, offset, self.order)
        return await self.caller.value(endpoints.EXPORT_CSV, query=query, body=self.columns_sent, options=self.options)

    def _query(self, count: int, offset: int, order: Order, **moments: datetime | None) -> RedactedQuery:
        paging = (("count", str(count)), ("offset", str(offset)))
        sorting = (("sortBy", self.sort_by), ("sortDirection", order.value.lower()))
        limits = ((name, moment(time, name)) for name, time in moments.items() if time is not None)
        return RedactedQuery((*paging, *sorting, *limits, *self.filters))

    async def pause(self, seconds: float) -> None:
        """Wait for some seconds, or until the client is closed."""
        await self.caller.pause(seconds)

    def halves(self) -> Sequence[AuditRequests]:
        """Return an empty sequence, because this listing cannot be split."""
        return ()

    @property
    def operation(self) -> str:
        """The name of the operation."""
        return endpoints.LIST.name

    @property
    def most(self) -> int | None:
        """The upper limit of the number of rows: ``None``, because the limit is unknown."""
        return None

    @property
    def request(self) -> Mapping[str, str]:
        """The tenant and the filters, by the names of the method's arguments."""
        names = {"email": "emails", "featureFlagId": "feature_flag_id"}
        given = {names.get(name, name): value for name, value in self.filters}
        return given if self.caller.tenant_id is None else {"tenant_id": self.caller.tenant_id, **given}

    @property
    def columns(self) -> Sequence[str]:
        """The column names of an audit row."""
        return columns_of(Audit)

    def may_prefetch(self) -> bool:
        """Return whether the service has not rate-limited this route recently."""
        return not self.caller.was_limited(endpoints.LIST)


@without_frames
def audit_pages(
    caller: Caller,
    filters: _Query,
    *,
    sort_by: str,
    order: str,
    page_size: int,
    prefetch: int,
    options: Options | None,
) -> AsyncPages[Audit]:
    """Check the remaining arguments of a listing and return the listing, see `AsyncAudits.list`."""
    arguments.check_count(page_size, "page_size", least=1, most=PAGE_SIZE)
    arguments.check_count(prefetch, "prefetch", least=0, most=MAX_PREFETCH)
    requests = AuditRequests(
        caller,
        filters,
        options,
        order=arguments.check_member(order, Order, "order"),
        sort_by=check_field(sort_by, "sort_by"),
        page_size=page_size,
    )
    incomplete = caller.options_for(options).incomplete_listing
    return AsyncPages([requests], key=attrgetter("id"), prefetch=prefetch, incomplete=incomplete)


@without_frames
def audit_tail(
    caller: Caller,
    filters: _Query,
    *,
    cursor: str | None,
    since: datetime | None,
    overlap: float | timedelta,
    interval: float | timedelta,
    options: Options | None,
) -> AsyncAuditTail:
    """Check the remaining arguments of a tail and return the tail, see `AsyncAudits.tail`."""
    window = int(_check_overlap(overlap) * 1_000_000)
    waits = arguments.check_seconds(interval, "interval")
    if waits == math.inf:
        raise InvalidArgumentError("interval must be a positive number of seconds, not None")
    if cursor is not None and since is not None:
        raise InvalidArgumentError("give either cursor or since, not both")
    position = None if cursor is None else TailPosition.parse(cursor, window)
    if since is not None:
        moment(since, "since")
        position = TailPosition.since(since, window)
    caller.options_for(options)
    return AsyncAuditTail(AuditRequests(caller, filters, options), position, overlap=window, interval=waits)


def _check_overlap(value: object) -> float:
    value = in_seconds(value, "overlap", InvalidArgumentError)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= _LONGEST_OVERLAP:
        raise InvalidArgumentError(
            f"overlap must be a number of seconds from 0 to {_LONGEST_OVERLAP:,}, not {shown(value)}"
        )
    return float(value)
