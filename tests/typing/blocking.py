"""The blocking clients."""

from __future__ import annotations

from typing import assert_type

from frontegg_async.endpoints import GET_TENANT
from frontegg_sync import Frontegg, FronteggUser, Page, Pages, Response, Runner, Tenant, TenantTree, TenantView


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
        assert_type(frontegg.hierarchy.tree("t"), TenantTree)
        assert_type(frontegg.for_tenant("t"), TenantView)
        assert_type(frontegg.as_user("token"), FronteggUser)
        assert_type(frontegg.send(GET_TENANT, path={"tenant_id": "t"}), Response[Tenant])
