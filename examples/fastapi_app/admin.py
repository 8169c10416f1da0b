"""The page for operators, with its sign-in and its data. It changes nothing, so it needs no CSRF tokens."""

import asyncio
import heapq
import secrets
from datetime import datetime
from typing import Annotated, Final

import attrs
from fastapi import APIRouter, Depends, HTTPException, Query, Request
from fastapi.responses import HTMLResponse
from fastapi.security import HTTPBasic, HTTPBasicCredentials

from fastapi_app import page
from frontegg_async import AsyncFrontegg, FronteggError, NotFoundError, Page, Tenant, TenantTree
from frontegg_async.integrations.fastapi import FronteggDep
from frontegg_async.integrations.problems import log_problem, problem_of
from frontegg_async.models import Order, TenantSort

ACCOUNTS: Final = 12
CHANGES: Final = 8
NEWEST: Final = 1_000
"""How many of the newest accounts are searched for changes: the service cannot sort by them."""

router = APIRouter(include_in_schema=False)
basic = HTTPBasic(realm="Accounts", auto_error=False)


@attrs.frozen(kw_only=True)
class Change:
    """The creation or the latest change of an account."""

    account: Tenant
    at: datetime
    is_new: bool


@attrs.frozen(kw_only=True)
class Overview:
    """The data of the page."""

    query: str
    accounts: Page[Tenant]
    selected: str | None
    tree: TenantTree | None
    changes: tuple[Change, ...]


async def operator(request: Request, given: Annotated[HTTPBasicCredentials | None, Depends(basic)]) -> None:
    """Reject everybody but operators."""
    password: str = request.app.state.admin_password
    if (
        given is None
        or not secrets.compare_digest(given.username.encode(), b"admin")
        or not secrets.compare_digest(given.password.encode(), password.encode())
    ):
        raise HTTPException(401, "Sign in as an operator.", {"WWW-Authenticate": 'Basic realm="Accounts"'})


@router.get("/admin", dependencies=[Depends(operator)])
async def show(
    frontegg: FronteggDep,
    query: Annotated[str, Query(alias="q", max_length=100)] = "",
    account: Annotated[str | None, Query(max_length=256)] = None,
) -> HTMLResponse:
    """Show accounts, the tree around one of them, and the latest changes."""
    try:
        overview = await _look(frontegg, query.strip(), account or None)
    except FronteggError as error:
        problem = problem_of(error)
        log_problem(error, problem)
        return page.response(page.failure(problem), problem.status)
    return page.response(page.overview(overview))


async def _look(frontegg: AsyncFrontegg, query: str, account: str | None) -> Overview:
    """Read the data of the page concurrently."""
    listing = frontegg.tenants.list(filter=query or None, sort_by=TenantSort.NAME, page_size=ACCOUNTS)
    found, changes = await asyncio.gather(listing.first_page(), _changes(frontegg))
    selected = account or next((each.tenant_id for each in found.items if each.is_reseller), None)
    tree = None if selected is None else await _tree_around(frontegg, selected)
    return Overview(query=query, accounts=found, selected=selected, tree=tree, changes=changes)


async def _tree_around(frontegg: AsyncFrontegg, account: str) -> TenantTree | None:
    """Return the whole tree that contains an account; ``None`` if there is no such account."""
    try:
        above = await frontegg.hierarchy.list_parents(account)
        top = max(above, key=lambda each: each.level or 0).tenant_id if above else account
        return await frontegg.hierarchy.tree(top)
    except NotFoundError:
        return None


async def _changes(frontegg: AsyncFrontegg) -> tuple[Change, ...]:
    newest = await frontegg.tenants.list(sort_by=TenantSort.CREATED_AT, order=Order.DESC).all(limit=NEWEST)
    # The service may list an account without its creation time.
    changes = [
        Change(
            account=each, at=each.updated_at, is_new=each.created_at is not None and each.updated_at <= each.created_at
        )
        for each in newest
        if each.updated_at is not None
    ]
    return tuple(heapq.nlargest(CHANGES, changes, key=lambda change: change.at))
