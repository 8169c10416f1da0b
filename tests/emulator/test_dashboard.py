"""The dashboard in a real browser, with the mouse and with the keyboard alone."""

from __future__ import annotations

import contextlib
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from frontegg_async.emulator import EmulatorHandle
from frontegg_async.testing.factory import Factory
from frontegg_sync import APIError, Frontegg, FronteggUser
from tests.emulator.dashboard import choose, enter, text_of
from tests.support.browser import NARROW, HeadlessBrowser
from tests.support.ports import reserved_port

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.acceptance

REFUSED = "console: Failed to load resource: net::ERR_CONNECTION_REFUSED"
NASTY = "<img src=x onerror=alert(1)> & Söhne"


@pytest.fixture
def many(frontegg_factory: Factory, frontegg_emulator: EmulatorHandle) -> EmulatorHandle:
    """Ten thousand tenants, in three levels."""
    frontegg_factory.tree({f"group-{number}": {f"shop-{number}": {}} for number in range(100)})
    for number in range(100):
        frontegg_factory.tenants(98, parent=f"group-{number}")
    return frontegg_emulator


@pytest.mark.parametrize("name", ["constructor", "__proto__", "toString", "nothing"])
def test_a_name_that_is_no_view_shows_the_first(
    browser: HeadlessBrowser, frontegg_emulator: EmulatorHandle, name: str
) -> None:
    """Also one that every object has."""
    browser.visit(lambda page: (enter(page, frontegg_emulator, name), page.locator("#view-tenants").wait_for()))


def test_ten_thousand_tenants(browser: HeadlessBrowser, many: EmulatorHandle) -> None:
    """They are a tree of few elements, which is searched as one types and walked with the keyboard alone."""

    def visit(page: Page) -> None:
        enter(page, many)
        text_of(page, "tenant-status", "10,000 tenants")
        items = page.locator("#tree [role=treeitem]")
        assert items.count() < 60
        page.keyboard.press("/")
        page.keyboard.type("SHOP-42")
        text_of(page, "tenant-status", "1 found of 10,000")
        assert [item.get_attribute("data-id") for item in items.all()] == ["group-42", "shop-42"]
        assert page.locator("#tree mark").all_text_contents() == ["shop-42", "shop-42"]
        page.keyboard.press("ArrowDown")  # into the tree
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        text_of(page, "tenant", "shop-42")
        assert page.locator("[aria-selected=true]").get_attribute("data-id") == "shop-42"
        page.fill("#tenant-search", "")
        page.locator("#tenant-status", has_text=re.compile("^10,000 tenants")).wait_for()
        assert page.locator(".item.chosen").get_attribute("data-id") == "shop-42"
        tree = page.locator("#tree")
        tree.focus()
        for key in ("Home", "ArrowRight", "ArrowRight", "End"):
            page.keyboard.press(key)
        active = page.locator(f"#{tree.get_attribute('aria-activedescendant')}")
        assert active.get_attribute("data-id") == "group-99"
        page.keyboard.press("Home")
        assert page.locator(".item.active").get_attribute("aria-expanded") == "true"
        assert page.locator("[aria-level='2']").first.get_attribute("aria-setsize") == "99"
        page.keyboard.press("ArrowLeft")
        assert page.locator(".item.active").get_attribute("aria-expanded") == "false"
        page.click("#expand-all")
        page.locator("[aria-level='2']").first.wait_for()
        assert items.count() < 60
        tree.focus()
        page.keyboard.press("End")
        page.keyboard.press("ArrowLeft")
        assert page.locator(".item.active").get_attribute("data-id") == "group-99"

    browser.visit(visit)


def test_a_token_of_a_user(browser: HeadlessBrowser, frontegg_emulator: EmulatorHandle) -> None:
    """It is issued, copied, good, and forgotten when the dialog is closed; a refusal is shown in the dialog."""
    frontegg_emulator.seed(
        tenants=[{"tenantId": "shop-7", "name": "Shop"}], users=[{"email": "ann@acme.example", "tenantId": "shop-7"}]
    )

    def visit(page: Page) -> tuple[str, str]:
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        enter(page, frontegg_emulator, "users")
        page.fill("#user-search", "ann")
        page.get_by_role("button", name="Issue a token for ann@acme.example").click()
        page.fill("[name=tenantId]", " ")
        page.click("#token-form [type=submit]")
        text_of(page, "token-error", "tenant_id must not be empty")
        page.fill("[name=tenantId]", "shop-7")
        page.fill("[name=expires_in]", "600")
        page.click("#token-form [type=submit]")
        page.locator("#token-result").wait_for()
        shown = page.input_value("#token-access")
        page.click("#token-copy")
        text_of(page, "token-status", "Copied")
        copied: str = page.evaluate("navigator.clipboard.readText()")
        page.keyboard.press("Escape")
        page.locator("#token-dialog").wait_for(state="hidden")
        page.wait_for_function("document.querySelector('#token-access').value === ''")
        return shown, copied

    shown, copied = browser.visit(visit, may_be_refused=True)
    assert shown == copied != ""
    with FronteggUser(base_url=frontegg_emulator.url, token=shown) as ann:
        assert [tenant.tenant_id for tenant in ann.tenants.list()] == ["shop-7"]


def test_the_features_of_a_tenant(
    browser: HeadlessBrowser, frontegg_emulator: EmulatorHandle, frontegg_sync_client: Frontegg
) -> None:
    """Each is open or closed, with the reason; a change of a feature flag is there at once."""
    frontegg_emulator.seed(tenants=[{"tenantId": "acme", "name": "Acme"}])
    beta = frontegg_sync_client.features.create(key="beta", name="<b>Beta</b>")
    flag = frontegg_sync_client.feature_flags.create(feature_id=beta.id, name="Trial")

    def visit(page: Page) -> None:
        enter(page, frontegg_emulator)
        choose(page, "acme")
        text_of(page, "tenant-features", "Features (0 of 1 open)")
        page.locator("li[data-id='beta']", has_text="<b>Beta</b> closed").wait_for()
        frontegg_sync_client.feature_flags.update(flag.id, default_treatment="true")
        page.locator("li[data-id='beta']", has_text="the feature flag Trial enables it").wait_for()

    browser.visit(visit)


def test_the_journal_is_live(
    browser: HeadlessBrowser, frontegg_emulator: EmulatorHandle, frontegg_sync_client: Frontegg
) -> None:
    """Requests are there when they are made, without markup of theirs; it is filtered, announced and cleared."""
    frontegg_sync_client.check()

    def visit(page: Page) -> None:
        enter(page, frontegg_emulator, "journal")
        rows = page.locator("#journal-rows tr")
        rows.filter(has_text="auth.authenticate").wait_for()
        frontegg_sync_client.tenants.create(tenant_id="acme", name=NASTY)
        rows.filter(has_text="created acme").filter(has_text="201").wait_for()
        page.locator("#count-tenants", has_text="1").wait_for()
        text_of(page, "journal-live", "The last request: POST /tenants/resources/tenants/v1")
        frontegg_sync_client.tenants.list(filter="ann@acme.example").count()
        rows.filter(has_text="tenants.list").wait_for()
        assert "ann" not in page.inner_text("#journal-rows")
        page.fill("#journal-search", "Tenants.create")
        text_of(page, "journal-status", "1 request")
        assert rows.count() == 1
        page.click("#journal-clear")
        text_of(page, "journal-status", "0 requests")
        page.click("nav >> text=Tenants")
        page.locator(".item .name", has_text=NASTY).wait_for()
        assert page.locator("main img").count() == 0

    browser.visit(visit, size=NARROW)
    assert frontegg_emulator.journal() == []


def test_faults_are_switched(
    browser: HeadlessBrowser, frontegg_emulator: EmulatorHandle, frontegg_sync_client: Frontegg
) -> None:
    """On by a switch or by the form, with the effect at once; what is on is listed, with how often it acted."""
    frontegg = frontegg_sync_client.with_options(max_retries=0)
    frontegg.check()

    def status() -> int | None:
        return frontegg_emulator.journal()[-1].status

    def ask() -> None:
        with contextlib.suppress(APIError):
            frontegg.tenants.list().count()

    def visit(page: Page) -> None:
        enter(page, frontegg_emulator, "faults")
        switch = page.get_by_role("switch", name="Unavailable")
        switch.focus()
        page.keyboard.press("Space")
        text_of(page, "fault-list", "fault-")
        ask()
        assert status() == 503
        text_of(page, "fault-list", "acted 1 time")
        assert switch.is_checked()
        page.keyboard.press("Space")  # the focus is where it was
        page.locator("#fault-none").wait_for()
        ask()
        assert status() == 200
        page.fill("[name=path]", "/tenants/*")
        page.select_option("[name=stage]", "after_commit")
        page.select_option("[name=action]", "status")
        page.fill("[name=field-status]", "418")
        page.fill("[name=field-headers]", '{"X-Tea": "pot"}')
        page.fill("[name=times]", "1")
        page.click("#fault-form [type=submit]")
        text_of(page, "fault-list", "after_commit")
        ask()
        assert status() == 418
        page.fill("[name=field-status]", "7")
        page.click("#fault-form [type=submit]")
        text_of(page, "problems", "status must be a whole number from 200 to 599")
        page.click("#faults-off")
        page.locator("#fault-none").wait_for()

    browser.visit(visit, may_be_refused=True)
    assert frontegg_emulator.faults() == []


def test_deliveries(
    browser: HeadlessBrowser, frontegg_emulator: EmulatorHandle, frontegg_sync_client: Frontegg
) -> None:
    """They are there when they are made, with their bodies; they are sent again, and faults act on them."""
    keys = ["frontegg.tenant.created"]
    frontegg_sync_client.webhooks.of_environment.create(url="http://127.0.0.1:9/", secret="s", event_keys=keys)

    def visit(page: Page) -> None:
        enter(page, frontegg_emulator, "deliveries")
        rows = page.locator("#delivery-rows tr")
        frontegg_sync_client.tenants.create(tenant_id="acme", name=NASTY)
        rows.filter(has_text="ClientConnectorError").wait_for()
        page.click("#delivery-rows summary")
        page.locator("#delivery-rows pre", has_text=NASTY).wait_for()
        page.get_by_role("button", name="Send frontegg.tenant.created").click()
        rows.filter(has_text="redelivery").filter(has_text="ClientConnectorError").wait_for()
        assert page.locator("#delivery-rows pre", has_text=NASTY).last.is_visible()  # it is open as it was
        page.click("nav >> text=Faults")
        page.select_option("[name=stage]", "delivery")
        page.select_option("[name=action]", "lose")
        page.locator("[name=path]").wait_for(state="hidden")
        page.fill("[name=event]", "frontegg.tenant.*")
        page.click("#fault-form [type=submit]")
        text_of(page, "fault-list", "at delivery, on frontegg.tenant.*")
        frontegg_sync_client.tenants.create(tenant_id="lost", name="Lost")
        text_of(page, "fault-list", "acted 1 time")

    browser.visit(visit)
    assert frontegg_emulator.deliveries()[-1].failure == "a fault has dropped the delivery"


def test_the_outbox(
    browser: HeadlessBrowser, frontegg_emulator: EmulatorHandle, frontegg_sync_client: Frontegg
) -> None:
    """E-mails are there when they are sent, as text; each stands alone, also at one moment."""
    frontegg_emulator.clock(freeze=True)
    nasty = "<b>ann</b>@acme.example"
    frontegg_emulator.seed(
        tenants=[{"tenantId": each, "name": each} for each in ("acme", "north", "south")],
        users=[{"id": "ann", "email": nasty, "tenantId": "acme"}],
    )

    def visit(page: Page) -> None:
        enter(page, frontegg_emulator, "outbox")
        text_of(page, "outbox-status", "0 e-mails")
        for tenant_id in ("north", "south"):
            frontegg_sync_client.users.add_to_tenant("ann", tenant_id=tenant_id)
        text_of(page, "outbox-status", "2 e-mails")
        rows = page.locator("#outbox-rows tr")
        assert rows.count() == rows.filter(has_text="InviteToTenant").filter(has_text=nasty).count() == 2
        page.click("#outbox-clear")
        text_of(page, "outbox-status", "0 e-mails")
        assert rows.count() == 0

    browser.visit(visit)
    assert frontegg_emulator.outbox() == []


def test_the_clock_goes_and_stands(browser: HeadlessBrowser, frontegg_emulator: EmulatorHandle) -> None:
    """By buttons, and by a number of seconds; changes from elsewhere are seen."""
    before = frontegg_emulator.clock()

    def visit(page: Page) -> None:
        enter(page, frontegg_emulator, "clock")
        text_of(page, "clock-state", "The clock runs.")
        page.click("text=+ 1 day")
        page.locator("#clock-state", has_text=re.compile(r"86,[34]\d\d s ahead")).wait_for()
        page.click("#clock-freeze")
        text_of(page, "clock-state", "The clock is stopped.")
        page.fill("[name=seconds]", "-86400")
        page.keyboard.press("Enter")
        text_of(page, "notices", "The clock was moved by -86,400 s.")
        frontegg_emulator.clock(freeze=False)
        text_of(page, "clock-state", "The clock runs.")
        assert page.locator("#clock-now").get_attribute("datetime")

    browser.visit(visit)
    assert abs((frontegg_emulator.clock() - before).total_seconds()) < 3600


def test_seed_restore_and_reset(browser: HeadlessBrowser, frontegg_emulator: EmulatorHandle, tmp_path: Path) -> None:
    """A seed is added, or refused as a whole with the reason; a reset asks first; a snapshot brings all back."""
    kept = tmp_path / "snapshot.json"

    def visit(page: Page) -> None:
        enter(page, frontegg_emulator, "data")
        page.fill("[name=seed]", "{")
        page.click("#seed-form [type=submit]")
        text_of(page, "seed-error", "the seed is not valid JSON")
        page.fill("[name=seed]", '{"tenants": [{"tenantId": "a"}]}')
        page.click("#seed-form [type=submit]")
        text_of(page, "seed-error", "name")
        page.click("#seed-example")
        page.click("#seed-form [type=submit]")
        text_of(page, "notices", "Added: 3 tenants and 1 user.")
        text_of(page, "count-tenants", "3")
        with page.expect_download() as download:
            page.click("#snapshot")
        download.value.save_as(kept)
        page.click("#reset")
        page.click("#confirm-dialog >> text=Cancel")
        assert page.inner_text("#count-tenants") == "3"
        page.click("#reset")
        page.click("#confirm-yes")
        text_of(page, "count-tenants", "0")
        assert frontegg_emulator.snapshot()["environments"][0]["tenants"] == []  # type: ignore[index, call-overload]
        page.set_input_files("#restore-file", kept)
        page.click("#confirm-yes")
        text_of(page, "count-tenants", "3")
        page.click("nav >> text=Operations")
        page.fill("#operation-search", "tenants.create")
        page.locator("#operation-rows tr", has_text="/tenants/resources/tenants/v1").first.wait_for()
        page.click("nav >> text=Tenants")
        page.locator("[role=treeitem]").nth(2).wait_for()

    browser.visit(visit, may_be_refused=True)
    assert json.loads(kept.read_text(encoding="utf-8"))["environments"]


@pytest.mark.filterwarnings("ignore:write 'async with Emulator:RuntimeWarning")  # the loop is that of the browser
def test_it_comes_back_by_itself(browser: HeadlessBrowser) -> None:
    """When the emulator goes away it says so, and goes on when there is one again at the same address."""
    from frontegg_async.emulator import Emulator

    def visit(page: Page) -> None:
        with reserved_port() as port:
            with Emulator(port=port) as first:
                page.goto(f"{first.url}/_emulator/")
                page.locator("#connection.live").wait_for()
            text_of(page, "connection", "Disconnected")
            with Emulator(port=port) as second:
                page.locator("#connection.live").wait_for()
                second.seed(tenants=[{"tenantId": "late", "name": "Late"}])
                page.locator(".item", has_text="Late").wait_for()

    wrongs = ""
    try:
        browser.visit(visit, may_be_refused=True)
    except AssertionError as error:
        wrongs = str(error)
    assert set(wrongs.splitlines()) <= {REFUSED}  # whether it tried while there was none is a matter of time
