"""The Django example: one command starts it, and its pages work in a browser, wide and narrow."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from frontegg_async.emulator import EmulatorHandle
from tests.integrations.django.servers import PASSWORD, SITE, environment, served
from tests.support.browser import NARROW, WIDE, HeadlessBrowser, violations

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

_SCROLLS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
_FIELDS = "[...document.querySelectorAll('main :is(input:not([type=hidden]), select)')]"
_WITHOUT_LABEL = f"{_FIELDS}.filter(each => !each.labels.length).length"


@pytest.mark.slow
def test_it_starts_its_own_emulator(frontegg_emulator: EmulatorHandle) -> None:
    """It needs no settings, and stops the emulator with the command."""
    variables = environment(frontegg_emulator)
    for name in ("FRONTEGG_BASE_URL", "FRONTEGG_CLIENT_ID", "FRONTEGG_SECRET_KEY"):
        del variables[name]
    command = [sys.executable, "-W", "error", str(SITE / "manage.py"), "frontegg_tenants", "--count"]
    run = subprocess.run(command, env=variables, capture_output=True, encoding="utf-8", check=False)

    assert (run.returncode, run.stdout, run.stderr) == (0, "1200\n", "")


@pytest.mark.acceptance
@pytest.mark.parametrize("size", [WIDE, NARROW])
def test_its_pages(browser: HeadlessBrowser, frontegg_emulator: EmulatorHandle, size: tuple[int, int]) -> None:
    """A customer is found, shown, and created below another one; no page is wider than the window."""
    names = ("North", "A name that is as long as names of companies are at times, with a Donaudampfschifffahrtskapitän")
    frontegg_emulator.seed(
        tenants=[
            {"tenantId": f"t-{number}" * 12, "name": name, "isReseller": True} for number, name in enumerate(names)
        ]
    )

    def look(page: Page) -> list[str]:
        wrongs: list[str] = []

        def judge() -> None:
            if page.evaluate(_SCROLLS):
                wrongs.append(f"{page.url} is wider than the window")
            if page.evaluate(_WITHOUT_LABEL) or page.locator("h1").count() != 1:
                wrongs.append(f"{page.url} has a field without a label, or not one heading")
            wrongs.extend(f"{page.url}: {rule} in {elements}" for rule, elements in violations(page))

        def follow(target: Locator) -> None:
            with page.expect_navigation():
                target.click()

        page.goto(site.url.replace("//", f"//admin:{PASSWORD}@"))
        judge()
        page.get_by_label("Name or id").fill("north")
        follow(page.get_by_role("button", name="Search"))
        page.get_by_text("1 customer.").wait_for()
        follow(page.get_by_role("link", name="North"))
        judge()
        follow(page.get_by_role("link", name="New customer"))
        judge()
        page.get_by_label("Name").fill("Bäckerei <Nord>")
        page.get_by_label("Owner").fill("bo@bakery.example")
        page.get_by_label("Below").fill("t-0" * 12)
        follow(page.get_by_role("button", name="Create"))
        page.get_by_role("status").get_by_text("Bäckerei <Nord> was created.").wait_for()
        judge()
        follow(page.get_by_role("navigation", name="Above it").get_by_role("link", name="North"))
        page.locator(".tree").get_by_role("link", name="Bäckerei <Nord>").wait_for()
        judge()
        return wrongs

    with served(frontegg_emulator, "uvicorn", "backoffice.asgi:application", "--fd=FD", "--lifespan=off") as site:
        assert browser.visit(look, size=size) == []
