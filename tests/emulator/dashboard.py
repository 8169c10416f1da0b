"""The dashboard, as tests use it in a browser."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from frontegg_async.emulator import EmulatorHandle

if TYPE_CHECKING:
    from playwright.sync_api import Page

MAX_TABS = 80
"""How often the Tab key is pressed at most to get somewhere."""

_LOST_AFTER = 5_000
"""Milliseconds after which a click was lost: the tree was drawn anew between its press and its release."""


def enter(page: Page, emulator: EmulatorHandle, view: str = "tenants") -> None:
    """Open the dashboard at a view of the test's environment."""
    page.goto(f"{emulator.url}/_emulator/#{view}")
    page.locator("#connection.live").wait_for()
    page.select_option("#environment", emulator.client_id)
    page.locator("#connection.live").wait_for()


def text_of(page: Page, name: str, text: str) -> None:
    """Wait until an element has a text."""
    page.locator(f"#{name}", has_text=text).wait_for()


def choose(page: Page, tenant_id: str) -> None:
    """Show a tenant, and wait until it is there."""
    from playwright.sync_api import TimeoutError as Late

    item, shown = page.locator(f".item[data-id='{tenant_id}']"), page.locator("#tenant dd", has_text=tenant_id).first
    item.click()
    with contextlib.suppress(Late):
        shown.wait_for(timeout=_LOST_AFTER)
    if not shown.is_visible():
        item.click()
    shown.wait_for()


def confirm(page: Page, words: str) -> None:
    """Say yes to a question that has some words."""
    text_of(page, "confirm-text", words)
    page.click("#confirm-yes")


def submit(page: Page) -> None:
    """Submit the form of the open dialog, and wait until it is closed."""
    page.click("#form-submit")
    page.locator("#form-dialog").wait_for(state="hidden")


def tab_to(page: Page, selector: str) -> None:
    """Go to an element with the Tab key alone."""
    for _ in range(MAX_TABS):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"Tab does not lead to {selector}")
