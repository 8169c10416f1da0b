"""Every view and every dialog of the dashboard, as axe-core judges it, at two sizes, in light and in dark."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final, Literal

import pytest

from frontegg_async.emulator import Emulator, EmulatorHandle
from tests.emulator.dashboard import choose, enter, text_of
from tests.support.browser import NARROW, WIDE, HeadlessBrowser, violations

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.acceptance

SEED: Final[dict[str, Any]] = {
    "tenants": [
        {"tenantId": "north", "name": "North", "isReseller": True, "metadata": {"plan": "team"}},
        {"tenantId": "corner", "name": "Corner Shop", "parentTenantId": "north", "isLocked": True},
    ],
    "users": [{"email": "ada@north.example", "tenantId": "north", "permissions": ["fe.secure.*"]}],
}
"""Little, since axe-core looks at each row."""
VIEWS: Final = ("tenants", "users", "journal", "deliveries", "outbox", "faults", "clock", "data", "operations")
DIALOGS: Final = (
    ("tenants", "#tenant-new"),
    ("tenants", "#tenant-edit"),
    ("tenants", "#tenant-move"),
    ("tenants", "#tenant-delete"),
    ("tenants", "#tenant [aria-label^='Edit ada']"),
    ("tenants", "#tenant >> text=Issue a token for somebody else"),
    ("tenants", "#tenant >> text=Add a configuration"),
    ("tenants", "#tenant >> text=Add one from metadata"),
    ("tenants", "#tenant >> text=Add a domain"),
    ("tenants", "#tenant >> text=Add a group"),
    ("users", "#user-new"),
    ("journal", "#journal-rows button"),
    ("data", "#reset"),
)
"""The views, and what opens a dialog in them."""


WATCH: Final = """
const waiting = new Set();
const watched = (done) => {
  const forget = () => waiting.delete(done);
  waiting.add(done);
  done.then(forget, forget);
  return done;
};
const { fetch, setTimeout, clearTimeout, EventSource } = window;
const { text } = Response.prototype;
window.fetch = (...given) => watched(fetch(...given));
Response.prototype.text = function () { return watched(text.call(this)); };
window.setTimeout = (act, milliseconds = 0) => {
  if (milliseconds > 1000) return 0;
  const timer = setTimeout(() => { waiting.delete(timer); act(); }, milliseconds);
  waiting.add(timer);
  return timer;
};
window.clearTimeout = (timer) => { waiting.delete(timer); clearTimeout(timer); };
window.EventSource = class extends EventSource {
  constructor(url) { super(url); window.events = this; }
};
window.settled = async () => {
  while (waiting.size > 0) await new Promise((look) => setTimeout(look, 10));
};
"""
"""`settled` waits for the requests and the timers of the page; `events` is its stream. Messages stay."""


@pytest.fixture(scope="module")
def filled() -> Iterator[EmulatorHandle]:
    """An emulator that has something to show in each view."""
    with Emulator(journal_bodies=True) as emulator, emulator.client() as frontegg:
        emulator.seed(SEED)
        configuration = frontegg.sso.create("north", type="saml", sso_endpoint="https://idp.north.example/saml")
        frontegg.sso.domains.create("north", configuration.id, domain="north.example")
        frontegg.sso.groups.create("north", configuration.id, group="staff", role_ids=["reader"])
        frontegg.webhooks.of_environment.create(
            url="http://127.0.0.1:9/", secret="s", event_keys=["frontegg.tenant.updated"]
        )
        frontegg.tenants.update("north", name="North")
        frontegg.users.invite("north", email="bea@north.example")
        emulator.deliveries_done()
        emulator.add_fault(stage="accept", action={"type": "status", "status": 503}, match={"path": "/nowhere"})
        yield emulator


def check(page: Page, where: str) -> None:
    """Fail if axe-core finds something, or something is wider than the window, when the page changes no more."""
    page.evaluate("settled()")
    assert violations(page, where) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate(
        "where => { const one = document.querySelector(where); return one.scrollWidth <= one.clientWidth; }", where
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["desk", "phone"])
def test_each_view_and_dialog(
    browser: HeadlessBrowser, filled: EmulatorHandle, size: tuple[int, int], scheme: Literal["light", "dark"]
) -> None:
    """Nothing is found; no tab is cut off, and no view scrolls to the side."""

    def open_view(page: Page, view: str) -> None:
        tab = page.locator(f"nav a[href='#{view}']")
        tab.click()
        box = tab.bounding_box()
        assert box is not None
        assert (box["x"] >= 0, box["x"] + box["width"] <= size[0]) == (True, True)
        page.locator(f"#view-{view}").wait_for()

    def visit(page: Page) -> None:
        page.emulate_media(reduced_motion="reduce")
        page.add_init_script(WATCH)
        enter(page, filled)
        choose(page, "north")
        before = page.locator("#tenant-lock").inner_text()
        page.click("#tenant-lock")
        page.locator("#undo").wait_for()
        page.locator("#notices p").wait_for()
        page.locator("#tenant-lock").filter(has_not_text=re.compile(f"^{before}$")).wait_for()
        page.evaluate("events.close()")
        page.evaluate("document.querySelector('#operation-search').value = 'tenants.get'")
        for view in VIEWS:
            open_view(page, view)
            check(page, "body")
        for view, opener in DIALOGS:
            open_view(page, view)
            page.locator(opener).first.click()
            page.locator("dialog[open]").wait_for()
            check(page, "dialog[open]")
            page.keyboard.press("Escape")
        open_view(page, "tenants")
        page.click("#tenant-edit")
        page.fill("#field-metadata", "{")
        page.click("#form-submit")
        text_of(page, "error-metadata", "line 1")
        check(page, "dialog[open]")

    browser.visit(visit, size=size, color_scheme=scheme, may_be_refused=True)
