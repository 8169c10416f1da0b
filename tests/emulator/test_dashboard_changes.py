"""Changes of the data on the dashboard, in a real browser against a real emulator."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from frontegg_async.emulator import Emulator, EmulatorHandle
from frontegg_sync import Frontegg
from tests.emulator.dashboard import choose, confirm, enter, submit, tab_to, text_of
from tests.support.browser import HeadlessBrowser

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.acceptance

SEED: Final[dict[str, Any]] = {
    "tenants": [
        {"tenantId": "north", "name": "North", "isReseller": True},
        {"tenantId": "south", "name": "South", "isReseller": True},
        {"tenantId": "acme", "name": "Acme", "parentTenantId": "north", "metadata": {"plan": "team"}},
    ],
    "users": [{"id": "ann", "email": "ann@acme.example", "tenantId": "acme"}],
}
NASTY: Final = "<img src=x onerror=alert(1)>"
IS_HERE: Final = "!document.querySelector('img') && !document.querySelector('b')"


@pytest.fixture
def emulator(frontegg_emulator: EmulatorHandle) -> EmulatorHandle:
    """An environment with three tenants and a user."""
    frontegg_emulator.seed(SEED)
    return frontegg_emulator


def rows(emulator: EmulatorHandle, kind: str) -> dict[str, Any]:
    """Return the tenants or the users of an environment by their ids."""
    found: Any = emulator.export_seed()[kind]
    return {row["tenantId" if kind == "tenants" else "id"]: row for row in found}


def test_a_tenant_is_created_and_edited(browser: HeadlessBrowser, emulator: EmulatorHandle) -> None:
    """What the service refuses is shown at its field or above the buttons; the form stays open until it is taken."""

    def visit(page: Page) -> None:
        enter(page, emulator)
        choose(page, "north")
        page.click("#tenant-below")
        assert page.input_value("#field-parentTenantId") == "north"
        page.fill("#field-tenantId", "acme")
        page.fill("#field-name", "Kiosk")
        page.click("#form-submit")
        text_of(page, "form-error", "Tenant already exists (the service refuses tenants.create with")
        page.fill("#field-tenantId", "kiosk")
        page.fill("#field-metadata", '{\n  "plan": team\n}')
        page.click("#form-submit")
        text_of(page, "error-metadata", "line 2 column 11")
        assert page.locator("#field-metadata:focus[aria-invalid=true]").count() == 1
        page.fill("#field-metadata", '{"serial": 12345678901234567890}')
        submit(page)
        text_of(page, "tenant", "12345678901234567890")
        page.click("#tenant-edit")
        page.fill("#field-website", "https://kiosk.example")
        page.check("#field-isReseller")
        submit(page)
        text_of(page, "tenant", "https://kiosk.example")
        page.click("#tenant-edit")
        assert "12345678901234567890" in page.input_value("#field-metadata")
        for name, value in (("creatorName", "Ann"), ("creatorEmail", "ann@acme.example"), ("website", "")):
            page.fill(f"#field-{name}", value)
        page.fill("#field-metadata", "")
        submit(page)
        text_of(page, "tenant", "creatorEmail")
        page.click("#tenant-edit")
        page.fill("#field-name", "")
        page.click("#form-submit")
        text_of(page, "error-name", "name must be")
        for _ in range(2):  # the second closes the question
            page.keyboard.press("Escape")
        page.locator("#confirm-dialog").wait_for(state="hidden")
        assert page.locator("#field-name:focus").input_value() == ""
        page.click("#form-title")  # the keyboard is nowhere then
        page.keyboard.press("Escape")
        confirm(page, "Discard what you typed?")
        page.locator("#form-dialog").wait_for(state="hidden")
        page.click("#tenant-edit")
        submit(page)
        text_of(page, "notices", "Nothing was changed.")

    browser.visit(visit, may_be_refused=True)
    kiosk = rows(emulator, "tenants")["kiosk"]
    assert (kiosk["name"], kiosk["parentTenantId"], kiosk["isReseller"]) == ("Kiosk", "north", True)
    assert (kiosk["creatorName"], kiosk["creatorEmail"]) == ("Ann", "ann@acme.example")
    assert not {"website", "metadata"} & kiosk.keys()


def test_a_tenant_is_locked_moved_and_deleted(browser: HeadlessBrowser, emulator: EmulatorHandle) -> None:
    """Each can be undone, and the button says what it takes back; the keyboard is where it was, or at the heading."""
    before = emulator.export_seed()

    def visit(page: Page) -> None:
        enter(page, emulator)
        choose(page, "acme")
        page.click("#tenant-lock")
        page.locator("#tenant-lock", has_text="Unlock").wait_for()
        assert page.locator("#tenant-lock:focus").count() == 1
        text_of(page, "undo", "Undo: Lock Acme")
        page.click("#undo")
        text_of(page, "notices", "Undone: Lock Acme.")
        page.locator("#undo").wait_for(state="hidden")
        page.locator("#tenant-lock", has_text="Lock").wait_for()
        page.click("#tenant-move")
        page.fill("#field-parentTenantId", "nobody")
        page.click("#form-submit")
        text_of(page, "form-error", "Parent tenant not found")
        page.fill("#field-parentTenantId", "SOU")
        page.locator("#tenant-offers option[value=south]").wait_for(state="attached")
        page.fill("#field-parentTenantId", "south")
        submit(page)
        page.locator("#tenant dd button", has_text="south").wait_for()
        assert rows(emulator, "tenants")["acme"]["parentTenantId"] == "south"
        page.click("#undo")
        page.locator("#tenant dd button", has_text="north").wait_for()
        page.click("#tenant-delete")
        text_of(page, "confirm-text", "Delete Acme (acme)?")
        page.keyboard.press("Escape")
        assert page.locator("#tenant-delete:focus").count() == 1
        page.click("#tenant-delete")
        confirm(page, "users who are in no other tenant are deleted")
        text_of(page, "count-tenants", "2")
        page.locator("#tenants-title:focus").wait_for()
        assert list(rows(emulator, "tenants")) == ["north", "south"]
        page.click("#undo")
        text_of(page, "count-tenants", "3")

    browser.visit(visit, may_be_refused=True)
    assert emulator.export_seed() == before


def test_an_undo_that_would_lose_something(
    browser: HeadlessBrowser, emulator: EmulatorHandle, frontegg_sync_client: Frontegg
) -> None:
    """It is refused, with the reason, when a program has changed something meanwhile."""

    def visit(page: Page) -> None:
        enter(page, emulator)
        choose(page, "acme")
        page.click("#tenant-lock")
        page.locator("#undo[aria-disabled=false]").wait_for()
        frontegg_sync_client.tenants.update("south", name="Far South")
        page.locator("#undo[aria-disabled=true]").press("Enter")
        text_of(page, "problems", "'Lock Acme' cannot be undone: the data has changed since then")

    browser.visit(visit, may_be_refused=True)
    assert rows(emulator, "tenants")["acme"]["isLocked"]


def test_the_keyboard_alone(browser: HeadlessBrowser, emulator: EmulatorHandle) -> None:
    """A tenant is created and edited without the mouse; a dialog keeps the keyboard, and gives it back."""

    def visit(page: Page) -> None:
        enter(page, emulator)
        page.locator(".item").first.wait_for()
        page.keyboard.press("/")
        tab_to(page, "#tenant-new")
        page.keyboard.press("Enter")
        page.locator("#field-tenantId:focus").wait_for()
        tab_to(page, "#form-dialog [data-close]")
        tab_to(page, "#field-tenantId")  # around, and not to what is beneath
        page.keyboard.press("Escape")
        page.locator("#tenant-new:focus").wait_for()
        page.keyboard.press("Enter")
        page.locator("#field-tenantId:focus").wait_for()
        page.keyboard.type("kiosk")
        tab_to(page, "#field-name")
        page.keyboard.type("Kiosk")
        page.keyboard.press("Enter")
        page.locator("#tenant h3", has_text="Kiosk").wait_for()
        assert page.locator("#tenant-new:focus").count() == 1
        tab_to(page, "#tree")
        tab_to(page, "#tenant-edit")
        page.keyboard.press("Space")
        page.locator("#field-name:focus").wait_for()
        page.keyboard.press("Control+A")
        page.keyboard.type("Kiosk 7")
        page.keyboard.press("Enter")
        page.locator("#tenant h3", has_text="Kiosk 7").wait_for()
        page.locator("#tenant-edit:focus").wait_for()

    browser.visit(visit)
    assert rows(emulator, "tenants")["kiosk"]["name"] == "Kiosk 7"


def test_users_are_created_edited_and_deleted(browser: HeadlessBrowser, emulator: EmulatorHandle) -> None:
    """With all their fields, from the list of users and from the card of a tenant."""

    def visit(page: Page) -> None:
        enter(page, emulator, "users")
        page.click("#user-new")
        page.fill("#field-email", "bob@acme.example")
        page.fill("#field-tenantId", "nobody")
        page.click("#form-submit")
        text_of(page, "form-error", "tenant 'nobody' does not exist")
        page.fill("#field-tenantId", "acme")
        page.fill("#field-password", "emu_password")
        page.fill("#field-permissions", "fe.secure.*\nfe.account-hierarchy.read.*")
        page.fill("#field-metadata", '{"desk": 12345678901234567890}')
        submit(page)
        page.get_by_role("button", name="Edit bob@acme.example").click()
        assert page.input_value("#field-password") == ""
        assert page.input_value("#field-metadata") == '{\n  "desk": 12345678901234567890\n}'
        page.fill("#field-tenantIds", "acme\nsouth\nsouth")
        page.fill("#field-email", "")
        page.click("#form-submit")
        text_of(page, "error-email", "email must not be empty")
        page.fill("#field-email", "rob@acme.example")
        page.fill("#field-tenantIds", "acme\nsouth")
        page.select_option("#field-allowAccess", "false")
        page.fill("#field-metadata", "{]")
        page.click("#form-submit")
        text_of(page, "error-metadata", "line 1 column 2")
        page.fill("#field-metadata", "[12345678901234567891]")
        submit(page)
        page.locator("#user-rows tr", has_text="acme, south").wait_for()
        page.click("nav >> text=Tenants")
        choose(page, "acme")
        page.get_by_role("button", name="Delete ann@acme.example").click()
        confirm(page, "Delete ann@acme.example?")
        page.locator("#tenant-users", has_text="Users (1)").wait_for()
        page.get_by_role("button", name="Create a user").click()
        page.fill("#field-email", "eve@acme.example")
        submit(page)
        page.get_by_role("button", name="Edit eve@acme.example").wait_for()

    browser.visit(visit, may_be_refused=True)
    rob, eve = rows(emulator, "users").values()
    assert (rob["email"], rob["tenantIds"], rob["allowAccess"]) == ("rob@acme.example", ["acme", "south"], False)
    assert (rob["password"], rob["metadata"], len(rob["permissions"])) == ("emu_password", [12345678901234567891], 2)
    assert eve["tenantIds"] == ["acme"]


def press(page: Page, name: str) -> None:
    """Press the button of a name."""
    page.get_by_role("button", name=name, exact=True).click()


def test_sso_configurations(browser: HeadlessBrowser, emulator: EmulatorHandle, frontegg_sync_client: Frontegg) -> None:
    """One is added, changed with its default roles, and deleted; a secret is not shown."""
    name = "oidc https://idp.example/"

    def add(page: Page) -> None:
        enter(page, emulator)
        choose(page, "acme")
        press(page, "Add a configuration")
        page.select_option("#field-type", label="oidc")
        page.fill("#field-oidcSecret", "hush-hush")
        page.fill("#field-subAccountAccessLimit", "many")
        page.click("#form-submit")
        text_of(page, "error-subAccountAccessLimit", "must be a number")
        page.fill("#field-subAccountAccessLimit", "3")
        page.fill("#field-ssoEndpoint", "https://idp.example/")
        submit(page)
        press(page, f"Edit {name}")
        text_of(page, "hint-oidcSecret", "a value is set")
        page.check("#field-enabled")
        page.fill("#field-defaultRoles", "reader\nwriter")
        page.fill("#field-configMetadata", '{"a": 12345678901234567890}')
        submit(page)
        page.locator(".configuration .tag", has_text="enabled").wait_for()
        assert "hush-hush" not in page.content()
        press(page, "Add one from metadata")
        page.fill("#field-metadata", "<nothing")
        page.click("#form-submit")
        text_of(page, "error-metadata", "metadata cannot be read")

    def remove(page: Page) -> None:
        enter(page, emulator)
        choose(page, "acme")
        press(page, f"Delete {name}")
        confirm(page, "Its domains and groups are deleted too.")
        page.locator("#tenant-sso", has_text="SSO (0)").wait_for()

    browser.visit(add, may_be_refused=True)
    (found,) = frontegg_sync_client.sso.list("acme").all()
    assert (found.enabled, found.sub_account_access_limit, found.default_roles) == (True, 3, ("reader", "writer"))
    assert found.config_metadata == {"a": 12345678901234567890}
    browser.visit(remove)
    assert list(frontegg_sync_client.sso.list("acme").all()) == []


def test_domains_and_groups(browser: HeadlessBrowser, emulator: EmulatorHandle, frontegg_sync_client: Frontegg) -> None:
    """They are added, validated or changed, and removed."""
    frontegg_sync_client.sso.create("acme", type="saml", sso_endpoint="https://idp.example/")
    name = "saml https://idp.example/"

    def visit(page: Page) -> None:
        enter(page, emulator)
        choose(page, "acme")
        press(page, f"Add a domain to {name}")
        page.fill("#field-domain", "acme")
        page.click("#form-submit")
        text_of(page, "error-domain", "valid domain name")
        page.fill("#field-domain", "acme.example")
        submit(page)
        press(page, "Validate acme.example")
        page.locator(".configuration .tag", has_text=re.compile("^validated")).wait_for()
        press(page, f"Add a group to {name}")
        page.fill("#field-group", "staff")
        submit(page)
        press(page, "Edit staff")
        page.fill("#field-roleIds", "reader")
        submit(page)
        page.locator(".configuration li", has_text="reader").wait_for()
        (found,) = frontegg_sync_client.sso.list("acme").all()
        assert [(domain.domain, domain.validated) for domain in found.domains] == [("acme.example", True)]
        assert [(group.group, group.role_ids) for group in found.groups] == [("staff", ("reader",))]
        press(page, "Remove acme.example")
        page.locator(".configuration li", has_text="acme.example").wait_for(state="detached")
        press(page, "Remove staff")
        page.locator(".configuration .list:empty").wait_for(state="attached")

    browser.visit(visit, may_be_refused=True)


def test_a_row_of_the_journal_is_opened(browser: HeadlessBrowser) -> None:
    """To headers and bodies, without secrets; the keyboard stays on the row while others come."""
    with Emulator(journal_bodies=True) as emulator, emulator.client() as frontegg:
        frontegg.tenants.create(tenant_id="acme", name=NASTY, metadata={"plan": "team"})
        secret = emulator.secret

        def visit(page: Page) -> None:
            enter(page, emulator, "journal")
            opener = page.get_by_role("button", name="POST /tenants/resources/tenants/v1")
            opener.press("Enter")
            text_of(page, "exchange", '"plan": "team"')
            text_of(page, "exchange-title", "POST /tenants/resources/tenants/v1")
            text_of(page, "exchange", "Authorization[redacted]")
            text_of(page, "exchange", "Response: 201")
            assert page.evaluate(IS_HERE)
            page.keyboard.press("Escape")
            frontegg.tenants.list().count()
            page.locator("#journal-rows tr", has_text="tenants.list").wait_for()
            assert opener.evaluate("one => one === document.activeElement")
            page.get_by_role("button", name="POST /auth/vendor").click()
            text_of(page, "exchange", '"secret": "[redacted]"')
            assert secret not in page.content()

        browser.visit(visit)


def test_bodies_that_are_not_kept(
    browser: HeadlessBrowser, emulator: EmulatorHandle, frontegg_sync_client: Frontegg
) -> None:
    """The dialog says so, and how to have them kept."""
    frontegg_sync_client.check()

    def visit(page: Page) -> None:
        enter(page, emulator, "journal")
        page.locator("#journal-rows button").first.click()
        text_of(page, "exchange", "no bodies are kept: start the emulator without --no-journal-bodies, or in a program")
        text_of(page, "exchange", "auth.authenticate")

    browser.visit(visit, may_be_refused=True)


def test_a_seed_is_exported_and_imported(browser: HeadlessBrowser, emulator: EmulatorHandle, tmp_path: Path) -> None:
    """What replaces the data is checked first, and the question says how much goes and comes; it can be undone."""
    file, before = tmp_path / "seed.json", emulator.export_seed()

    def visit(page: Page) -> None:
        enter(page, emulator, "data")
        with page.expect_download() as download:
            page.click("#seed-export")
        download.value.save_as(file)
        page.fill("[name=seed]", '{"tenants": [\n  {"tenantId": "solo",}\n]}')
        page.click("#seed-import")
        text_of(page, "seed-error", "the seed is not valid JSON")
        text_of(page, "seed-error", "line 2 column 23")
        page.fill("[name=seed]", '{"tenants": [{"tenantId": "solo"}]}')
        page.click("#seed-import")
        text_of(page, "seed-error", "missing required field `name`")
        page.fill(
            "[name=seed]", '{"tenants": [{"tenantId": "solo", "name": "Solo", "metadata": 12345678901234567890}]}'
        )
        page.click("#seed-import")
        text_of(page, "confirm-text", "3 tenants and 1 user, with the seed, 1 tenant and 0 users?")
        page.click("#confirm-dialog >> text=Cancel")
        assert emulator.export_seed() == before
        page.click("#seed-import")
        confirm(page, "Replace all data")
        text_of(page, "count-tenants", "1")
        assert rows(emulator, "tenants")["solo"]["metadata"] == "12345678901234567890"
        text_of(page, "undo", "Undo: Import a seed")
        page.set_input_files("#seed-file", file)
        page.click("#seed-import")
        confirm(page, "with the seed, 3 tenants and 1 user?")
        text_of(page, "count-tenants", "3")

    browser.visit(visit, may_be_refused=True)
    assert json.loads(file.read_text(encoding="utf-8")) == before == emulator.export_seed()


def test_names_are_text(browser: HeadlessBrowser, frontegg_emulator: EmulatorHandle) -> None:
    """Markup in a name or an address is shown as it is, wherever it is shown."""
    seed = {
        "tenants": [{"tenantId": "x<b>", "name": NASTY, "isReseller": True, "metadata": {NASTY: "</pre>"}}],
        "users": [{"email": f"{NASTY}@x.example", "tenantId": "x<b>"}],
        "tables": {},
    }
    frontegg_emulator.seed(seed)

    def visit(page: Page) -> None:
        def is_text() -> None:
            assert page.evaluate(IS_HERE)

        enter(page, frontegg_emulator)
        choose(page, "x<b>")
        page.locator("#tenant pre", has_text=NASTY).wait_for()
        page.click("#tenant-edit")
        text_of(page, "form-title", f"Edit {NASTY}")
        page.fill("#field-status", NASTY)
        is_text()
        submit(page)
        text_of(page, "undo", f"Undo: Edit {NASTY}")
        text_of(page, "notices", NASTY)
        page.click("#tenant-move")
        page.fill("#field-parentTenantId", "<")
        page.locator("#tenant-offers option").wait_for(state="attached")
        page.click("#form-submit")
        text_of(page, "form-error", "")
        page.keyboard.press("Escape")
        confirm(page, "Discard what you typed?")
        page.click("#tenant-delete")
        text_of(page, "confirm-text", NASTY)
        is_text()
        page.keyboard.press("Escape")
        page.click("nav >> text=Users")
        page.locator("#user-rows td", has_text=NASTY).first.wait_for()
        page.fill("#user-search", "IMG")
        page.locator("#user-rows mark").first.wait_for()
        page.get_by_role("button", name=f"Edit {NASTY}@x.example").click()
        text_of(page, "form-title", NASTY)
        is_text()

    browser.visit(visit, may_be_refused=True)
