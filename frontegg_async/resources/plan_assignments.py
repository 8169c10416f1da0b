"""``frontegg.plan_assignments``: assignments of plans to accounts and users, each with an optional end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from operator import attrgetter
from typing import Final

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.checks import arguments
from frontegg_async.endpoints import plan_assignments as endpoints
from frontegg_async.errors import InvalidArgumentError
from frontegg_async.models.page import Order, OrderLiteral
from frontegg_async.models.plan_assignments import (
    PlanAssignment,
    PlanAssignmentCreate,
    PlanAssignmentsCreate,
    PlanAssignmentSort,
    PlanAssignmentSortLiteral,
    PlanAssignmentsUpdate,
    PlanAssignmentUpdate,
)
from frontegg_async.options import Options
from frontegg_async.pages import AsyncPages
from frontegg_async.resources.support.audit_requests import moment
from frontegg_async.resources.support.item_listing import ItemListing, filters_of, item_listing
from frontegg_async.resources.support.writes import write

MOST: Final = 10
"""The largest page that the service returns."""
MOST_IN_BATCH: Final = 50
"""The most assignments of a request."""


class AsyncPlanAssignments:
    """The plan assignments of the environment. The service calls them entitlements.

    Every method takes ``options`` (`Options`) and can raise the common errors that `FronteggError` lists.
    """

    __slots__ = ("_caller",)

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def list(
        self,
        *,
        plan_ids: Sequence[str] | None = None,
        tenant_ids: Sequence[str] | None = None,
        user_ids: Sequence[str] | None = None,
        sort_by: PlanAssignmentSort | PlanAssignmentSortLiteral | None = None,
        order: Order | OrderLiteral | None = None,
        page_size: int = 10,
        prefetch: int = 2,
        options: Options | None = None,
    ) -> AsyncPages[PlanAssignment]:
        """List the plan assignments of the environment.

        ``GET /entitlements/resources/entitlements/v2`` (documented). It is assumed that the listing includes ended
        assignments. In Frontegg's own clients, the request parameter ``offset`` counts items, not pages.

        Args:
            plan_ids: Only assignments of these plans, at least one id, without commas.
            tenant_ids: Only assignments in these tenants, at least one id, without commas.
            user_ids: Only assignments to these users, at least one id, without commas.
            sort_by: The field to sort by: ``createdAt``, the default, or ``expirationDate``.
            order: ``asc`` or ``desc``.
            page_size: The most assignments of a request, 1 to 10.
            prefetch: The most pages to request ahead, 0 to 16.

        Returns:
            A listing of the assignments. The first request is sent when you iterate the listing. Each iteration sends
            the requests again.
        """
        ids = {
            "planIds": ("plan_ids", plan_ids),
            "tenantIds": ("tenant_ids", tenant_ids),
            "userIds": ("user_ids", user_ids),
        }
        filters = filters_of(self._caller, options, ids=ids, sort_by=sort_by, order=order, fields=PlanAssignmentSort)
        listing = ItemListing(self._caller, endpoints.LIST, PlanAssignment, filters, page_size, options)
        return item_listing(listing, key=attrgetter("id"), most=MOST, prefetch=prefetch)

    async def get(self, assignment_id: str, *, options: Options | None = None) -> PlanAssignment:
        """Get a plan assignment.

        ``GET /entitlements/resources/entitlements/v2/{id}`` (documented).

        Args:
            assignment_id: The id of the assignment, 1 to 256 characters.

        Returns:
            The assignment.

        Raises:
            NotFoundError: There is no such assignment.
            ResponseMismatchError: The response is about another assignment.
        """
        arguments.check_id(assignment_id, "assignment_id")
        return await self._caller.value(endpoints.GET, path={"id": assignment_id}, options=options)

    async def assign(
        self,
        plan_id: str,
        *,
        tenant_ids: Sequence[str],
        user_id: str | None = None,
        expires_at: datetime | None = None,
        options: Options | None = None,
    ) -> tuple[str, ...]:
        """Assign a plan to tenants, or to a user in each of the tenants. The request is never sent twice.

        ``POST /entitlements/resources/entitlements/v2/batch`` (documented). If the plan is assigned already, the
        service creates a second assignment (assumed).

        Args:
            plan_id: The id of the plan, 1 to 256 characters.
            tenant_ids: The ids of the tenants, 1 to 50.
            user_id: The id of the user who gets the plan in each tenant. By default, everybody in the tenants gets the
                plan.
            expires_at: The end of the assignments: a time with a time zone. By default, the assignments never end.

        Returns:
            The ids of the assignments, one for each tenant.

        Raises:
            NotFoundError: There is no such plan, tenant or user.
            OutcomeUnknownError: The response was lost, so the plan may or may not have been assigned; ``asked`` has the
                arguments, and `list` with ``plan_ids`` and ``tenant_ids`` shows the assignments.
            ResultLostError: The plan was assigned, but the ids could not be read. The error's attribute ``asked`` holds
                the arguments of the call.
        """
        arguments.check_id(plan_id, "plan_id")
        if user_id is not None:
            arguments.check_id(user_id, "user_id")
        date = None if expires_at is None else moment(expires_at, "expires_at")
        body = PlanAssignmentsCreate(
            entitlements=tuple(
                PlanAssignmentCreate(plan_id=plan_id, tenant_id=tenant_id, user_id=user_id, expiration_date=date)
                for tenant_id in _batch(tenant_ids, "tenant_ids")
            )
        )
        return (await write(self._caller, endpoints.ASSIGN, body=body, options=options)).entitlement_ids

    async def change_expiry(
        self, assignment_ids: Sequence[str], *, expires_at: datetime, options: Options | None = None
    ) -> None:
        """Change the end of plan assignments. If a response is lost, the request is sent again.

        ``PATCH /entitlements/resources/entitlements/v2/batch`` (documented).

        Args:
            assignment_ids: The ids of the assignments, 1 to 50.
            expires_at: The new end: a time with a time zone.

        Raises:
            NotFoundError: There is no such assignment; none was changed (assumed).
            OutcomeUnknownError: The response was lost, so the change may or may not have been made.
        """
        await self._change(assignment_ids, moment(expires_at, "expires_at"), options)

    async def clear_expiry(self, assignment_ids: Sequence[str], *, options: Options | None = None) -> None:
        """Remove the end of plan assignments. If a response is lost, the request is sent again.

        ``PATCH /entitlements/resources/entitlements/v2/batch`` (documented). The client sends null as the date, as
        Frontegg's own clients do in a similar operation.

        Args:
            assignment_ids: The ids of the assignments, 1 to 50.

        Raises:
            NotFoundError: There is no such assignment; none was changed (assumed).
            OutcomeUnknownError: The response was lost, so the change may or may not have been made.
        """
        await self._change(assignment_ids, None, options)

    async def remove(self, assignment_ids: Sequence[str], *, options: Options | None = None) -> None:
        """Remove plan assignments. The service ignores ids of removed assignments (assumed).

        ``DELETE /entitlements/resources/entitlements/v2/batch`` (documented). If a response is lost, the request is
        sent again.

        Args:
            assignment_ids: The ids of the assignments, 1 to 50, without commas.

        Raises:
            OutcomeUnknownError: The response was lost, so the assignments may or may not have been removed.
        """
        query = (("ids", ",".join(_batch(assignment_ids, "assignment_ids"))),)
        await self._caller.value(endpoints.REMOVE, query=query, options=options)

    async def _change(self, assignment_ids: Sequence[str], date: str | None, options: Options | None) -> None:
        ids = _batch(assignment_ids, "assignment_ids")
        body = PlanAssignmentsUpdate(
            entitlements=tuple(PlanAssignmentUpdate(id=each, expiration_date=date) for each in ids)
        )
        await self._caller.value(endpoints.CHANGE_EXPIRY, body=body, options=options)


def _batch(values: Sequence[str], argument: str) -> tuple[str, ...]:
    ids = arguments.check_ids(values, argument, of_query=argument == "assignment_ids")
    if len(ids) > MOST_IN_BATCH:
        raise InvalidArgumentError(f"{argument} must have at most {MOST_IN_BATCH} ids, not {len(ids)}")
    return ids
