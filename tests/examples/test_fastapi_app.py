"""The FastAPI example: customers sign up, owners manage sub-accounts, and operators see a page."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import TYPE_CHECKING, Any, Final

import httpx
import pytest
from fastapi_app import markup
from fastapi_app.app import create_app
from fastapi_app.sample import seed

from frontegg_async import Options
from frontegg_async.emulator import EmulatorHandle
from tests.examples.example_servers import RunningExample, run_example_server
from tests.examples.fastapi_example import OPERATOR, PASSWORD, WEBHOOK_SECRET, example_app, under_uvicorn
from tests.support.browser import NARROW, WIDE, HeadlessBrowser, violations

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.anyio


@pytest.fixture
def emulator(frontegg_emulator: EmulatorHandle) -> EmulatorHandle:
    """Return an environment with the accounts of the example."""
    frontegg_emulator.seed(seed())
    return frontegg_emulator


@pytest.fixture
async def service(emulator: EmulatorHandle) -> AsyncIterator[httpx.AsyncClient]:
    """Yield a client of the app."""
    app = example_app(emulator, options=Options(max_retries=0))
    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://test") as client,
    ):
        yield client


def _signed_in(emulator: EmulatorHandle, **changes: Any) -> dict[str, str]:
    chosen = {"tenant_id": "north", "email": "ada@north.example", **changes}
    return {"Authorization": f"Bearer {emulator.user_token(**chosen).access_token}"}


async def test_the_start_page_leads_to_the_others(service: httpx.AsyncClient) -> None:
    """A browser that opens the address of the app finds its pages."""
    response = await service.get("/")

    assert (response.status_code, response.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert (await service.get("/health")).json() == {"status": "ok"}
    for address in ("/join", "/admin", "/docs"):
        assert f'href="{address}"' in response.text
        assert (await service.get(address, auth=OPERATOR)).status_code == 200


async def test_sign_up_makes_an_account_and_its_owner(service: httpx.AsyncClient, emulator: EmulatorHandle) -> None:
    """The owner may have sub-accounts, the same request changes nothing, and a name that another took gets 409."""
    new = {"company": "Ünï & Co", "email": "uni@uni.example"}
    responses = [await service.post("/sign-up", json=new | more) for more in ({}, {}, {"email": "eve@evil.example"})]

    assert [response.status_code for response in responses] == [201, 201, 409]
    assert responses[0].json() == responses[1].json() == {"id": "ünï-co", "name": "Ünï & Co"}
    assert responses[2].json()["code"] == "conflict"
    made = [entry.status for entry in emulator.journal() if entry.route in {"tenants.create", "users.invite"}]
    assert made == [201, 201, 409]
    owner = _signed_in(emulator, tenant_id="ünï-co", email="uni@uni.example", permissions=["fe.account-hierarchy.*"])
    assert (await service.post("/accounts", json={"name": "Uni 2"}, headers=owner)).status_code == 201


async def test_a_sign_up_that_failed_half_way_goes_on(service: httpx.AsyncClient, emulator: EmulatorHandle) -> None:
    """The same request again does the rest; the form says what is wrong."""
    match = {"method": "POST", "path": "/identity/resources/users/v2", "times": 2}
    emulator.add_fault(stage="before_commit", action={"type": "status", "status": 500}, match=match)
    new = {"company": "Uni", "email": "uni@uni.example"}
    failed = await service.post("/sign-up", json=new)
    tries = [await service.post("/join", data=new | more) for more in ({}, {}, {"email": "a@b.c"}, {"email": "no"})]

    assert (failed.status_code, failed.json()["code"]) == (502, "incomplete")
    assert [each.status_code for each in tries] == [502, 201, 409, 422]
    assert "on its way to uni@uni.example" in tries[1].text


@pytest.mark.acceptance
def test_a_sign_up_from_the_browser_to_the_webhook(browser: HeadlessBrowser, emulator: EmulatorHandle) -> None:
    """A customer signs up with the form, and the app hears of the account from the webhook."""
    from playwright.sync_api import expect

    app = example_app(emulator, webhook_secret=WEBHOOK_SECRET)

    def use(page: Page) -> None:
        page.goto(url)
        page.get_by_role("link", name="Sign up").click()
        page.get_by_label("Company").fill("Ünï & Co")
        page.get_by_label("E-mail address").fill("uni@uni.example")
        page.get_by_role("button", name="Sign up").click()
        expect(page.get_by_role("status")).to_have_text("An invitation is on its way to uni@uni.example.")

    with under_uvicorn(app) as url:
        with emulator.client() as frontegg:
            keys = ["frontegg.tenant.created", "frontegg.user.invitedToTenant"]
            frontegg.webhooks.of_environment.create(
                url=f"{url}/webhooks/frontegg", secret=WEBHOOK_SECRET, event_keys=keys
            )
        browser.visit(use, javascript=False)
        emulator.deliveries_done()
        assert [each.status for each in emulator.deliveries()] == [204, 204]


@pytest.mark.parametrize("body", [{}, {"company": "", "email": "a@b.c"}, {"company": "A", "email": "nobody"}])
async def test_a_sign_up_is_checked(service: httpx.AsyncClient, body: dict[str, str]) -> None:
    """Missing or malformed values are rejected before any call."""
    assert (await service.post("/sign-up", json=body)).status_code == 422


async def test_owners_manage_what_is_below_them(service: httpx.AsyncClient, emulator: EmulatorHandle) -> None:
    """Create, rename, show and delete use the owner's token, never the credential of the environment."""
    owner = _signed_in(emulator)
    emulator.clear_journal()
    made = (await service.post("/accounts", json={"name": "Kiosk 8", "parent": "north-retail"}, headers=owner)).json()
    path = f"/accounts/{made['id']}"
    assert (await service.patch(path, json={"name": "Kiosk Eight"}, headers=owner)).status_code == 204
    tree = {each["id"]: each for each in (await service.get("/accounts", headers=owner)).json()}
    assert tree[made["id"]] == {"id": made["id"], "name": "Kiosk Eight", "parent": "north-retail"}
    assert tree["north"]["parent"] is None
    assert (await service.delete(path, headers=owner)).status_code == 204

    assert made["id"] not in {each["id"] for each in (await service.get("/accounts", headers=owner)).json()}
    assert "auth.authenticate" not in {entry.route for entry in emulator.journal()}


@pytest.mark.parametrize(
    ("path", "changes", "status"),
    [
        ("/accounts/blue-2", {}, 403),  # belongs to another owner
        ("/accounts/kiosk-7", {"permissions": ["fe.account-hierarchy.read.*"]}, 403),
        ("/accounts/kiosk-7", None, 401),
    ],
)
async def test_other_users_are_refused(
    service: httpx.AsyncClient, emulator: EmulatorHandle, path: str, changes: dict[str, Any] | None, status: int
) -> None:
    """Another owner, a user without the permission, and a request without a token are refused."""
    headers = {} if changes is None else _signed_in(emulator, **changes)

    assert (await service.delete(path, headers=headers)).status_code == status


async def test_reports_need_a_plan(service: httpx.AsyncClient, emulator: EmulatorHandle) -> None:
    """One page says what the plan includes, and a refusal says why; North has reports, and Blue Door had them."""
    cases = {
        "north": (200, None, {"reports": None, "exports": "missing_feature"}),
        "blue-door": (403, "bundle_expired", {"reports": "bundle_expired", "exports": "bundle_expired"}),
        "acme": (403, "missing_feature", {"reports": "missing_feature", "exports": "missing_feature"}),
    }
    for account, (status, reason, features) in cases.items():
        headers = _signed_in(emulator, tenant_id=account, **{} if account == "north" else {"email": f"a@{account}.b"})
        plan = (await service.get("/plan", headers=headers)).json()
        assert {each["key"]: each["reason"] for each in plan} == features
        assert [each["is_included"] for each in plan] == [each is None for each in features.values()]
        response = await service.get("/report", headers=headers)
        body = response.json()
        assert (response.status_code, body.get("feature"), body.get("reason")) == (status, reason and "reports", reason)
        if status == 200:
            assert body == {"account": "north", "levels": [2, 4]}
    document = (await service.get("/openapi.json")).json()
    assert "'reports'" in document["paths"]["/report"]["get"]["responses"]["403"]["description"]


async def test_operators_see_accounts_tree_and_changes(service: httpx.AsyncClient) -> None:
    """The page has the found accounts, the whole tree around one, and the latest changes."""
    response = await service.get("/admin", params={"q": "north", "account": "kiosk-7"}, auth=OPERATOR)

    assert response.status_code == 200
    assert "3 matching “north”, by name" in response.text
    assert "7 accounts on 3 levels" in response.text
    assert '<a href="/admin?q=north&amp;account=kiosk-7" aria-current="true">Kiosk 7</a>' in response.text
    assert "Corner Shop &lt;24h&gt;" in response.text
    assert response.text.count("<ul") == response.text.count("</ul>") == 4
    assert response.text.count("<li>") == response.text.count("</li>") == 7


@pytest.mark.parametrize("auth", [None, httpx.BasicAuth("admin", "wrong"), httpx.BasicAuth("root", PASSWORD)])
@pytest.mark.parametrize("path", ["/admin", "/admin/accounts"])
async def test_the_pages_need_the_password(service: httpx.AsyncClient, path: str, auth: httpx.BasicAuth | None) -> None:
    """The pages need the operator's password."""
    response = await service.get(path, auth=auth)

    assert (response.status_code, response.headers["WWW-Authenticate"]) == (401, 'Basic realm="Accounts"')


@pytest.mark.parametrize("query", [{"account": "nobody"}, {"q": "zzz"}])
async def test_missing_accounts_are_shown(service: httpx.AsyncClient, query: dict[str, str]) -> None:
    """A deleted account and a search without results are not errors."""
    response = await service.get("/admin", params=query, auth=OPERATOR)

    assert response.status_code == 200
    assert "There is no" in response.text


async def test_a_failure_of_the_service_is_shown(service: httpx.AsyncClient, emulator: EmulatorHandle) -> None:
    """The page reports the failure, without any text of the service."""
    emulator.add_fault(stage="before_commit", action={"type": "status", "status": 500, "body": {"message": "canary"}})
    response = await service.get("/admin", auth=OPERATOR)

    assert response.status_code == 502
    assert "A service that this request needs failed." in response.text
    assert "canary" not in response.text


def test_text_is_escaped() -> None:
    """HTML in the name of a customer is escaped."""
    assert markup.tag("p", "<script>", title='"&', hidden=True, lang=None) == (
        '<p title="&quot;&amp;" hidden>&lt;script&gt;</p>'
    )


def test_without_a_password_it_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """The error names the setting."""
    monkeypatch.delenv("ADMIN_PASSWORD", raising=False)
    with pytest.raises(RuntimeError, match="ADMIN_PASSWORD"):
        create_app()


@pytest.fixture(scope="module")
def site() -> Iterator[RunningExample]:
    """Yield the example as a user runs it, with its own emulator."""
    with run_example_server("fastapi_app", ADMIN_PASSWORD=PASSWORD) as served:
        yield served


def _signed(url: str) -> str:
    """Return a URL with the operator's password."""
    return url.replace("//", f"//admin:{PASSWORD}@")


@pytest.mark.slow
def test_the_example_runs_as_shown(site: RunningExample) -> None:
    """One command starts it, and the token that it prints belongs to the owner."""
    with httpx.Client(base_url=site.url, headers={"Authorization": f"Bearer {site.token}"}) as client:
        ids = [each["id"] for each in client.get("/accounts").json()]
        document = client.get("/openapi.json").json()

    assert ids[:2] == ["north", "north-retail"]
    assert {"Frontegg": []} in document["paths"]["/accounts"]["post"]["security"]


@pytest.mark.acceptance
@pytest.mark.parametrize(("size", "scheme"), [(WIDE, "light"), (NARROW, "dark")], ids=["wide", "narrow"])
def test_the_page_is_used_without_scripts(
    browser: HeadlessBrowser, site: RunningExample, size: tuple[int, int], scheme: Any
) -> None:
    """Search, choose an account and see its tree, with links and a form only, on a desktop and on a phone."""
    from playwright.sync_api import expect

    def use(page: Page) -> None:
        page.goto(f"{_signed(site.url)}/admin")
        page.get_by_label("Name or id").fill("north")
        page.get_by_role("button", name="Search").click()
        accounts = page.get_by_role("region", name="Accounts")
        expect(accounts.get_by_role("rowheader")).to_have_count(3)
        accounts.get_by_role("link", name="North Labs").click()
        tree = page.get_by_role("region", name="Account tree")
        expect(tree.locator("[aria-current]")).to_have_text("North Labs")
        expect(tree.get_by_role("listitem")).to_have_count(7)
        expect(page.get_by_role("region", name="Recent changes").get_by_role("row")).to_have_count(9)

    browser.visit(use, size=size, color_scheme=scheme, javascript=False)


_CONTRAST: Final = """() => {
  const light = color => {
    const parts = color.match(/[0-9.]+/g).slice(0, 3).map(part => part / 255)
      .map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
  };
  const behind = node => {
    const color = getComputedStyle(node).backgroundColor;
    return color === 'rgba(0, 0, 0, 0)' && node.parentElement ? behind(node.parentElement) : color;
  };
  return Math.min(...[...document.querySelectorAll('body *')].filter(node => node.innerText?.trim()).map(node => {
    const [one, other] = [light(getComputedStyle(node).color), light(behind(node))].sort((a, b) => b - a);
    return (one + 0.05) / (other + 0.05);
  }));
}"""


@pytest.mark.acceptance
@pytest.mark.parametrize(("size", "scheme"), [(WIDE, "dark"), (NARROW, "light")], ids=["wide", "narrow"])
def test_the_page_is_accessible(
    browser: HeadlessBrowser, site: RunningExample, size: tuple[int, int], scheme: Any
) -> None:
    """Landmarks, headings, captions, contrast and a skip link that is visible with focus; nothing overflows.

    axe-core finds nothing, on the other pages neither.
    """

    def look(page: Page) -> None:
        page.goto(f"{_signed(site.url)}/admin?account=kiosk-7")
        assert [page.get_by_role(role).count() for role in ("banner", "main", "search")] == [1, 1, 1]
        assert page.locator("h1").count() == 1
        assert page.locator("h2").all_inner_texts() == ["Accounts", "Account tree", "Recent changes"]
        assert page.locator("table:not(:has(caption))").count() == 0
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        assert page.evaluate(_CONTRAST) >= 4.5
        page.keyboard.press("Tab")
        skip = page.get_by_role("link", name="Skip to the accounts")
        assert page.evaluate("document.activeElement.className") == "skip"
        box = skip.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "accounts"
        assert violations(page) == []
        for address in (f"{site.url}/", f"{site.url}/join", f"{_signed(site.url)}/admin/accounts"):
            page.goto(address)
            assert violations(page) == []

    browser.visit(look, size=size, color_scheme=scheme)
