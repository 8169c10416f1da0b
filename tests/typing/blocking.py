"""The blocking clients."""

from __future__ import annotations

from typing import assert_type

from django.http import HttpRequest, HttpResponse, JsonResponse

from frontegg_async import AsyncFrontegg, AsyncFronteggUser, FronteggError
from frontegg_async.endpoints import GET_TENANT
from frontegg_async.models import Record
from frontegg_sync import Claims, Frontegg, FronteggUser, Page, Pages, Response, Runner, Tenant, TenantTree, TenantView
from frontegg_sync.integrations.django import (
    AsyncFronteggCaller,
    aget_caller,
    get_async_client,
    get_caller,
    get_client,
    problem_response,
    require,
)


def management() -> None:
    """What a client of an environment returns."""
    with Frontegg.from_env(runner=Runner()) as frontegg:
        assert_type(frontegg, Frontegg)
        assert_type(frontegg.tenants.create(name="n"), Tenant)
        assert_type(frontegg.tenants.ensure("t", name="n"), tuple[Tenant, bool])
        pages = frontegg.tenants.list()
        assert_type(pages, Pages[Tenant])
        for tenant in pages:
            assert_type(tenant, Tenant)
        for page in pages.pages():
            assert_type(page, Page[Tenant])
        assert_type(pages.first(), Tenant | None)
        assert_type(pages.all(), list[Tenant])
        assert_type(pages.count(), int)
        assert_type(pages.to_records(columns=["name"], json_as_text=False), list[Record])
        assert_type(frontegg.hierarchy.tree("t"), TenantTree)
        assert_type(frontegg.for_tenant("t"), TenantView)
        assert_type(frontegg.for_tenant("t").get(), Tenant)
        assert_type(frontegg.for_tenant("t").with_options(timeout=1), TenantView)
        assert_type(frontegg.as_user("token"), FronteggUser)
        assert_type(frontegg.send(GET_TENANT, path={"tenant_id": "t"}), Response[Tenant])


def literals(frontegg: Frontegg) -> None:
    """What takes an enumeration takes its values too, and no other text."""
    Frontegg("id", "secret", region="us")
    assert_type(frontegg.tenants.list(sort_by="created_at", order="desc"), Pages[Tenant])
    frontegg.sub_tenants.set_hierarchy_settings("t", access_type="alwaysOn")
    frontegg.sso.create("t", type="saml")
    frontegg.for_tenant("t").sso.update("s", type="oidc")
    Frontegg("id", "secret", region="de")  # type: ignore[arg-type] # that is the point
    frontegg.tenants.list(sort_by="created")  # type: ignore[arg-type] # likewise
    frontegg.tenants.list(order="DESC")  # type: ignore[arg-type] # likewise
    frontegg.sub_tenants.set_hierarchy_settings("t", access_type="on")  # type: ignore[arg-type] # likewise
    frontegg.sso.create("t", type="SAML")  # type: ignore[arg-type] # likewise
    frontegg.bulk.lock([])  # type: ignore[call-overload] # it needs a ledger
    frontegg.bulk.delete([], confirm=True, dry_run=False)  # type: ignore[call-overload] # likewise
    frontegg.bulk.delete([], confirm=True, ledger="delete.sqlite3")
    frontegg.bulk.lock([], dry_run=True)
    len(frontegg.tenants.list())  # type: ignore[arg-type] # likewise
    frontegg.tenants.list()[0]  # type: ignore[index] # likewise
    frontegg.for_tenant("t").sso.update("s", type="ldap")  # type: ignore[arg-type] # likewise


@require(permission="p")
def plain_view(request: HttpRequest, number: int) -> JsonResponse:
    """A view of Django's keeps its type."""
    caller = get_caller(request)
    assert_type(caller.claims, Claims)
    assert_type(caller.require(role="r"), Claims)
    assert_type(caller.client(), FronteggUser)
    assert_type(get_client(), Frontegg)
    return JsonResponse({"number": number})


@require()
async def async_view(request: HttpRequest) -> JsonResponse:
    """And so does one that awaits."""
    assert_type(await aget_caller(request), AsyncFronteggCaller)
    assert_type((await aget_caller(request)).client(), AsyncFronteggUser)
    assert_type(get_async_client(), AsyncFrontegg)
    return JsonResponse({})


async def views(request: HttpRequest, error: FronteggError) -> None:
    """What views return."""
    assert_type(plain_view(request, 3), JsonResponse)
    assert_type(await async_view(request), JsonResponse)
    assert_type(problem_response(error), HttpResponse)
