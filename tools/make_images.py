"""Make the pictures of the dashboard for the pages, from an emulator with the data of ``--demo``.

Usage: ``.nox/acceptance/bin/python tools/make_images.py [DIRECTORY]``, after ``make acceptance``; needs ``chromium``.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from playwright.sync_api import sync_playwright

from frontegg_async.emulator import Emulator, EmulatorHandle
from frontegg_async.emulator.world.demo_data import demo_seed
from frontegg_sync import Frontegg

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT: Final = Path(__file__).resolve().parent.parent
DESK: Final = (1180, 760)
PHONE: Final = (390, 780)


def show_tenant(page: Page) -> None:
    """Show a tenant that was just changed."""
    page.click("[data-id=north-labs]")
    page.click("#tenant-lock")
    page.locator("#undo").wait_for()
    page.locator(".item.chosen .bad").wait_for()


def edit_tenant(page: Page) -> None:
    """Show the form of a tenant, with a mistake in it."""
    page.click("[data-id=optics]")
    page.click("#tenant-edit")
    page.fill("#field-website", "https://optics.example")
    page.fill("#field-metadata", '{\n  "plan": "business",\n  "seats": 40,\n}')
    page.click("#form-submit")
    page.locator("#error-metadata", has_text="line").wait_for()


def open_row(page: Page) -> None:
    """Show a row of the journal."""
    page.click("nav >> text=Journal")
    page.get_by_role("button", name="POST /tenants/resources/tenants/v1", exact=True).click()
    page.locator("#exchange pre").first.wait_for()


PICTURES: Final[dict[str, tuple[Callable[[Page], None], tuple[int, int], Literal["light", "dark"]]]] = {
    "dashboard": (show_tenant, DESK, "light"),
    "dashboard-edit": (edit_tenant, (1180, 820), "light"),
    "dashboard-journal": (open_row, DESK, "dark"),
    "dashboard-phone": (show_tenant, PHONE, "dark"),
}
"""The pictures by name: the function that prepares the page, the size of the window, and the colour scheme."""


def fill(emulator: EmulatorHandle) -> None:
    """Add the data, and send some requests in another process."""
    emulator.seed(demo_seed())
    with emulator.client() as frontegg:
        call(frontegg)


def call(frontegg: Frontegg) -> None:
    """Send some requests."""
    frontegg.tenants.list(filter="north").count()
    frontegg.tenants.create(
        tenant_id="north-sea", name="North Sea Foods", parent_tenant_id="north", metadata={"plan": "team", "seats": 12}
    )
    frontegg.tenants.lock(["corner"])
    frontegg.hierarchy.tree("north")


def take(browser: Browser, emulator: EmulatorHandle, name: str, directory: Path) -> None:
    """Take a picture, without the notices and the version of the page."""
    show, (width, height), scheme = PICTURES[name]
    page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
    page.goto(f"{emulator.url}/_emulator/")
    page.locator(".item").first.wait_for()
    show(page)
    page.mouse.move(0, 0)
    page.evaluate("scrollTo(0, 0)")
    page.evaluate("for (const one of document.querySelectorAll('#version, #notices p')) one.remove()")
    page.screenshot(path=directory / f"{name}.png")
    page.close()


def main(directory: Path) -> None:
    """Take all pictures, each with its own emulator. The emulators are filled before playwright starts its loop."""
    with ExitStack() as stack:
        emulators = {name: stack.enter_context(Emulator(journal_bodies=True)) for name in PICTURES}
        for emulator in emulators.values():
            fill(emulator)
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for name, emulator in emulators.items():
            take(browser, emulator, name, directory)
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "images")
