"""A listing asks for an order that its route accepts, also where the call gives none."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeAlias
from urllib.parse import parse_qs, urlsplit

import pytest

from frontegg_async import AsyncFrontegg, AsyncPages, RotatingTokens
from frontegg_async.user import AsyncFronteggUser
from tests.contract_table import OPERATIONS
from tests.support.clients import make_client, make_user
from tests.support.jwts import make_jwt
from tests.support.raw_server import Answer, RawRequest, http, raw_server

pytestmark = pytest.mark.anyio

Make: TypeAlias = Callable[[AsyncFrontegg, AsyncFronteggUser, dict[str, Any]], AsyncPages[Any]]

LISTINGS: Final[dict[str, tuple[Make, str]]] = {
    "/tenants/resources/tenants/v2": (lambda client, _, given: client.tenants.list(**given), "createdAt"),
    "/tenants/resources/hierarchy/v2": (lambda client, _, given: client.hierarchy.search("t", **given), "createdAt"),
    "/identity/resources/users/v3": (lambda client, _, given: client.users.list(**given), "id"),
    "/identity/resources/users/v1/query/phrase": (
        lambda client, _, given: client.users.search(contains=["ann"], **given),
        "id",
    ),
    "/identity/resources/groups/v2": (lambda client, _, given: client.groups.list("t", **given), "id"),
    "/identity/resources/jwt-templates/v1": (lambda client, _, given: client.jwt_templates.list(**given), "id"),
    "/identity/resources/sub-tenants/users/v1": (lambda _, user, given: user.sub_tenants.users.list(**given), "id"),
}
OTHERS: Final = {
    "/identity/resources/roles/v2": "each call says what to sort by",
    "/identity/resources/users/v2": "no listing is read by it",
    "/identity/resources/users/emails/v1": "each call sorts by the address, which no two rows share",
    "/identity/resources/users/phone-numbers/v1": "no listing is read by it",
    "/identity/resources/users/phone-numbers/v2": "each call sorts by the number, which no two rows share",
    "/identity/resources/usernames/v1": "each call sorts by the name, which no two rows share",
}
ORDERED: Final = {
    operation.path for operation in OPERATIONS if operation.method == "GET" and "_sortBy" in operation.query
}


def answer(request: RawRequest) -> Answer:
    """Answer with an empty page, or with tokens for a user."""
    if "/auth/" in request.path:
        return http(200, {"accessToken": make_jwt(), "refreshToken": "r1", "expiresIn": 3600})
    return http(200, {"items": [], "_metadata": {"totalItems": 0}})


async def asked(make: Make, *calls: dict[str, Any], sorted_listings: bool = True) -> list[tuple[str, str, str]]:
    """Read listings, and return what each asked for: its path, and what it is to be sorted by in which order."""
    async with (
        raw_server(answer) as server,
        make_client(server.url) as client,
        make_user(server.url, RotatingTokens(refresh_token="r0")) as user,
    ):
        for given in calls:
            listing = make(
                client.with_options(sorted_listings=sorted_listings),
                user.with_options(sorted_listings=sorted_listings),
                given,
            )
            assert await listing.all() == []
        found: list[tuple[str, str, str]] = []
        for request in server.requests:
            query = parse_qs(urlsplit(request.target).query)
            if "/auth/" not in request.path:
                path = request.path.removeprefix("/frontegg")
                found.append((path, query.get("_sortBy", [""])[0], query.get("_order", [""])[0]))
    return found


def test_each_route_that_takes_an_order_is_asked_for_one() -> None:
    """By the contract."""
    assert {*LISTINGS, *OTHERS} == ORDERED


@pytest.mark.parametrize("path", LISTINGS)
async def test_a_listing_has_an_order(path: str) -> None:
    """Ascending, unless the call says something else; none if that is turned off."""
    make, default = LISTINGS[path]

    assert await asked(make, {}, {"order": "desc"}, {"sort_by": "name"}, {"sort_by": "name", "order": "desc"}) == [
        (path, default, "ASC"),
        (path, default, "DESC"),
        (path, "name", ""),
        (path, "name", "DESC"),
    ]
    assert await asked(make, {}, {"sort_by": "name"}, sorted_listings=False) == [(path, "", ""), (path, "name", "")]
