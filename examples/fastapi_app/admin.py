"""The page for operators, with its sign-in and its data. It is read-only, so it needs no CSRF tokens."""

import heapq
import secrets
from datetime import datetime
from typing import Annotated, Final, TypeAlias

import attrs
from fastapi import APIRouter, Depends, HTTPException, Query, Request
from fastapi.responses import HTMLResponse
from fastapi.security import HTTPBasic, HTTPBasicCredentials

from fastapi_app import page
from fastapi_app.accounts import Accounts, AccountsDep, Found
from frontegg_async import AsyncFrontegg, FronteggError, NotFoundError, Tenant, TenantTree
from frontegg_async.integrations.fastapi import FronteggDep
from frontegg_async.integrations.problems import log_problem, problem_of
from frontegg_async.models import Order, TenantSort

ACCOUNTS: Final = 12
ACCOUNTS_OF_PAGE: Final = 50
CHANGES: Final = 8
NEWEST: Final = 1_000
"""The number of accounts in which the app searches for changes: the accounts that were created last.

The service cannot sort accounts by the time of their latest change.
"""

Text: TypeAlias = Annotated[str, Query(alias="q", max_length=100)]
"""The type of the parameter with the searched text."""

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
    found: Found
    selected: str | None
    tree: TenantTree | None
    changes: tuple[Change, ...]


async def operator(request: Request, given: Annotated[HTTPBasicCredentials | None, Depends(basic)]) -> None:
    """Reject all callers except operators."""
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
    accounts: AccountsDep,
    query: Text = "",
    account: Annotated[str | None, Query(max_length=256)] = None,
) -> HTMLResponse:
    """Show accounts, the tree of the chosen account, and the latest changes."""
    try:
        overview = await _look(frontegg, accounts, query.strip(), account or None)
    except FronteggError as error:
        problem = problem_of(error)
        log_problem(error, problem)
        return page.response(page.failure(problem), problem.status)
    return page.response(page.overview(overview))


@router.get("/admin/accounts", dependencies=[Depends(operator)])
async def show_accounts(
    accounts: AccountsDep, query: Text = "", number: Annotated[int, Query(alias="page", ge=1, le=1_000_000)] = 1
) -> HTMLResponse:
    """Show a page of all accounts, without a request to the service."""
    found = await accounts.find(query.strip(), limit=ACCOUNTS_OF_PAGE, offset=(number - 1) * ACCOUNTS_OF_PAGE)
    return page.response(page.listing(query.strip(), found, number))


async def _look(frontegg: AsyncFrontegg, accounts: Accounts, query: str, account: str | None) -> Overview:
    """Read the data of the page."""
    found = await accounts.find(query, limit=ACCOUNTS)
    changes = await _changes(frontegg)
    selected = account or next((each.tenant_id for each in found.accounts if each.is_reseller), None)
    tree = None if selected is None else await _tree_around(frontegg, selected)
    return Overview(query=query, found=found, selected=selected, tree=tree, changes=changes)


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
