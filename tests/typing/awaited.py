"""The clients to await."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import assert_type

from frontegg_async import (
    UNSET,
    ApiToken,
    AsyncAccessTokenVerifier,
    AsyncFrontegg,
    AsyncFronteggUser,
    AsyncPages,
    AsyncTenantView,
    AsyncTokenVerifier,
    Auth,
    Claims,
    ConnectionCheck,
    Endpoint,
    FileTokenStore,
    FronteggError,
    JsonValue,
    Options,
    Page,
    Region,
    RequestSnapshot,
    Response,
    ResponseSnapshot,
    Retry,
    Secret,
    Tenant,
    TenantTree,
    Unset,
    User,
)
from frontegg_async.bulk import BulkReport
from frontegg_async.credentials import SecretSource, TokenFunction
from frontegg_async.endpoints import GET_TENANT, Evidence, EvidenceLiteral, RetryLiteral
from frontegg_async.errors import ErrorDetails
from frontegg_async.models import (
    AccessTokenTypeLiteral,
    Application,
    HierarchyMarks,
    HierarchyTenant,
    OrderLiteral,
    Permission,
    Record,
    Role,
    SsoConfiguration,
    SsoType,
    SsoTypeLiteral,
    SubAccountAccessTypeLiteral,
    SubTenant,
    TenantSettings,
    TenantSort,
    TenantSortLiteral,
    UserTenant,
)
from frontegg_async.options import IncompleteListing, ResolvedOptions
from frontegg_async.regions import BaseUrl, RegionLiteral


def see(snapshot: RequestSnapshot) -> None:
    """Stand for a hook."""
    assert_type(snapshot.headers, Mapping[str, str])


def check(snapshot: ResponseSnapshot) -> None:
    """Stand for another."""
    assert_type(snapshot.status, int | None)


async def secret() -> str:
    """Stand for a vault."""
    return "secret"


async def management() -> None:
    """What a client of an environment returns."""
    async with AsyncFrontegg.from_env(on_request=see, on_response=check, token_store=FileTokenStore("d")) as frontegg:
        assert_type(frontegg, AsyncFrontegg)
        assert_type(await frontegg.check(), ConnectionCheck)
        assert_type(await frontegg.tenants.create(name="n"), Tenant)
        assert_type(await frontegg.tenants.get("t"), Tenant)
        assert_type(await frontegg.tenants.ensure("t", name="n"), tuple[Tenant, bool])
        assert_type(await frontegg.tenants.lock(["t"]), None)
        got = await frontegg.tenants.get("t")
        assert_type(got.metadata, JsonValue)
        assert_type(got.name, str)
        assert_type(got.created_at, datetime | None)
        assert_type(got.updated_at, datetime | None)
        assert_type(got.is_deleted, bool)
        pages = frontegg.tenants.list(sort_by=TenantSort.NAME)
        assert_type(pages, AsyncPages[Tenant])
        async for tenant in pages:
            assert_type(tenant, Tenant)
        async for page in pages.pages():
            assert_type(page, Page[Tenant])
            assert_type(page.total, int | None)
        assert_type(await pages.first(), Tenant | None)
        assert_type(await pages.first_page(), Page[Tenant])
        assert_type(await pages.all(limit=3), list[Tenant])
        assert_type(await pages.count(), int)
        assert_type(await pages.to_records(columns=("name", "metadata"), limit=3), list[Record])
        assert_type(await frontegg.hierarchy.tree("t"), TenantTree)
        assert_type([row.level for row in await frontegg.hierarchy.list_parents("t")], list[int | None])
        assert_type([row.total_users for row in await frontegg.tenants.count_users(["t"])], list[int | None])
        assert_type([token.tenant_id for token in await frontegg.api_tokens.list("t").all()], list[str | None])
        assert_type(await frontegg.roles.list().all(), list[Role])
        assert_type(await frontegg.permissions.list().all(), list[Permission])
        assert_type(await frontegg.applications.list().all(), list[Application])
        assert_type(frontegg.hierarchy.search("t"), AsyncPages[HierarchyTenant])
        assert_type(await frontegg.account_settings.get("t"), TenantSettings)
        assert_type(await frontegg.account_settings.update("t", timezone=UNSET), TenantSettings)
        assert_type(await frontegg.sso.list("t").all(), list[SsoConfiguration])
        assert_type(await frontegg.sub_tenants.create(name="n", parent_tenant_id="t"), SubTenant)
        view = frontegg.for_tenant("t")
        assert_type(view, AsyncTenantView)
        assert_type(await view.get(), Tenant)
        assert_type(await view.update(name="n"), Tenant)
        assert_type(await view.hierarchy.tree(), TenantTree)
        assert_type(view.with_options(timeout=1), AsyncTenantView)
        assert_type(frontegg.with_options(timeout=1), AsyncFrontegg)
        assert_type(frontegg.as_user("token"), AsyncFronteggUser)
        assert_type(await frontegg.bulk.update([], ledger=Path("update.sqlite3")), BulkReport)
        assert_type(await frontegg.bulk.update([], dry_run=True), BulkReport)
        dry_run = bool(frontegg.base_url)
        ledger = None if dry_run else "lock.sqlite3"
        assert_type(await frontegg.bulk.lock([], ledger=ledger, dry_run=dry_run), BulkReport)
        assert_type(await frontegg.send(GET_TENANT, path={"tenant_id": "t"}), Response[Tenant])


async def mistakes(frontegg: AsyncFrontegg, user: AsyncFronteggUser) -> None:
    """What a type checker refuses: names by position, what users may not do, no await, and a listing used as a list."""
    await frontegg.tenants.create("n")  # type: ignore[call-arg] # that is the point
    await user.tenants.get("t")  # type: ignore[attr-defined] # likewise
    await frontegg.bulk.lock([])  # type: ignore[call-overload] # it needs a ledger
    await frontegg.bulk.update([], dry_run=False)  # type: ignore[call-overload] # likewise
    len(frontegg.tenants.list())  # type: ignore[arg-type] # likewise
    frontegg.tenants.list()[0]  # type: ignore[index] # likewise
    frontegg.tenants.get("t").name.upper()  # type: ignore[attr-defined] # likewise
    await frontegg.for_tenant("t").hierarchy.list_parents_of("x")  # type: ignore[attr-defined] # for users only
    await user.sso.create(type=SsoType.SAML, skip_email_domain_validation=True)  # type: ignore[call-arg] # not for users


async def self_service() -> None:
    """What a client of a user returns."""
    user = AsyncFronteggUser(domain="app-acme", credential=ApiToken("id", "secret"))
    assert_type(await user.tenants.list().all(), list[UserTenant])
    assert_type(await user.tenants.switch("t"), User)
    assert_type(await user.hierarchy.tree(), TenantTree)
    assert_type([row.tenant_id for row in await user.hierarchy.list_parents_of("t")], list[str])
    claims = await AsyncTokenVerifier(domain="app-acme", audience="id").verify("token")
    assert_type(claims, Claims)


def settings(endpoint: Endpoint[Tenant]) -> None:
    """What settings take."""
    AsyncFrontegg("id", secret, region=Region.US, options=Options(deadline=None))
    AsyncFrontegg("id", lambda: "secret")
    assert_type(Secret("text").reveal(), str)
    assert_type(endpoint.returns, type[Tenant])
    assert_type(endpoint.evidence, Evidence)


async def literals(frontegg: AsyncFrontegg, verifier: AsyncAccessTokenVerifier) -> None:
    """What takes an enumeration takes its values too."""
    AsyncFrontegg("id", secret, region="us")
    assert_type(frontegg.tenants.list(sort_by="created_at", order="desc"), AsyncPages[Tenant])
    assert_type(frontegg.hierarchy.search("t", sort_by="name", order="asc"), AsyncPages[HierarchyTenant])
    await frontegg.sub_tenants.set_hierarchy_settings("t", access_type="alwaysOn")
    await frontegg.sso.create("t", type="saml")
    await frontegg.sso.update("t", "s", type="oidc")
    await frontegg.for_tenant("t").sso.create(type="saml")
    await verifier.verify_claims("token", type="userAccessToken")
    mine = Endpoint(
        name="n", method="GET", path="/n", auth=Auth.ENVIRONMENT, returns=Tenant, retry="resend", evidence="live"
    )
    assert_type(mine.retry, Retry)
    assert_type(mine.evidence, Evidence)


async def wrong_literals(frontegg: AsyncFrontegg, verifier: AsyncAccessTokenVerifier) -> None:
    """Other texts are refused."""
    AsyncFrontegg("id", secret, region="de")  # type: ignore[arg-type] # that is the point
    frontegg.tenants.list(sort_by="created")  # type: ignore[arg-type] # likewise
    frontegg.tenants.list(order="DESC")  # type: ignore[arg-type] # likewise
    frontegg.hierarchy.search("t", order="up")  # type: ignore[arg-type] # likewise
    await frontegg.sub_tenants.set_hierarchy_settings("t", access_type="on")  # type: ignore[arg-type] # likewise
    await frontegg.sso.create("t", type="SAML")  # type: ignore[arg-type] # likewise
    await frontegg.sso.update("t", "s", type="ldap")  # type: ignore[arg-type] # likewise
    await verifier.verify_claims("token", type="userToken")  # type: ignore[arg-type] # likewise
    auth = Auth.ENVIRONMENT
    Endpoint(name="n", method="GET", path="/n", auth=auth, returns=Tenant, retry="once")  # type: ignore[arg-type] # likewise


def of_literals(
    frontegg: AsyncFrontegg,
    region: RegionLiteral,
    sort_by: TenantSortLiteral,
    order: OrderLiteral,
) -> None:
    """Functions of one's own pass them on."""
    AsyncFrontegg("id", secret, region=region)
    frontegg.tenants.list(sort_by=sort_by, order=order)


def of_endpoints(retry: RetryLiteral, evidence: EvidenceLiteral) -> None:
    """Likewise."""
    Endpoint(name="n", method="GET", path="/n", auth=Auth.NONE, returns=str, retry=retry, evidence=evidence)


async def of_writes(
    frontegg: AsyncFrontegg,
    verifier: AsyncAccessTokenVerifier,
    protocol: SsoTypeLiteral,
    access_type: SubAccountAccessTypeLiteral,
    kind: AccessTokenTypeLiteral,
) -> None:
    """Likewise."""
    await frontegg.sso.create("t", type=protocol)
    await frontegg.sub_tenants.set_hierarchy_settings("t", access_type=access_type)
    await verifier.verify_claims("token", type=kind)


def options(frontegg: AsyncFrontegg) -> None:
    """What options hold: perhaps nothing in those that are given, and always a value in those of a client."""
    assert_type(Options().timeout, float | Unset | None)
    assert_type(frontegg.options, ResolvedOptions)
    assert_type(frontegg.options.timeout, float | None)
    assert_type(frontegg.options.strict_delete, bool)
    assert_type(frontegg.options.incomplete_listing, IncompleteListing)


def exported(source: SecretSource, token: TokenFunction, found: HierarchyTenant, page: Page[Tenant]) -> None:
    """Names that stand in signatures can be imported."""
    frontegg = AsyncFrontegg("id", source)
    assert_type(frontegg.as_user(token), AsyncFronteggUser)
    assert_type(frontegg.base_url, BaseUrl)
    assert_type(found.metadata, HierarchyMarks | None)
    assert_type(page.to_records(columns=["name"], json_as_text=False), list[Record])
    assert_type(FronteggError("text").details, ErrorDetails)
