"""The browser of the tests: it shows pages, and finds what they do wrong."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Final

import pytest

from tests.support.browser import NARROW, HeadlessBrowser

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.acceptance

PAGES: Final = {
    "/good": "<!doctype html><title>Good</title><p>Hello<script>document.title = 'Better'</script>",
    "/console": "<!doctype html><title>Bad</title><script>console.error('oh no')</script>",
    "/throws": "<!doctype html><title>Bad</title><script>throw new Error('oh no')</script>",
    "/elsewhere": "<!doctype html><title>Bad</title><img alt='' src='http://192.0.2.1/pixel.png'>",
    "/refused": "<!doctype html><title>Bad</title><img alt='' src='/nothing.png'>",
}


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        found = PAGES.get(self.path)
        self.send_response(404 if found is None else 200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write((found or "not here").encode())

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def site() -> Iterator[str]:
    """Yield the address of some pages."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_a_page_is_shown(browser: HeadlessBrowser, site: str) -> None:
    """A good page fails nothing, and what is done on it comes back."""

    def look(page: Page) -> tuple[str, int]:
        page.goto(f"{site}/good")
        return page.title(), page.evaluate("window.innerWidth")

    assert browser.visit(look, size=NARROW) == ("Better", NARROW[0])


def test_a_page_is_shown_without_scripts(browser: HeadlessBrowser, site: str) -> None:
    """Scripts may be off."""

    def look(page: Page) -> str:
        page.goto(f"{site}/good")
        return page.title()

    assert browser.visit(look, javascript=False) == "Good"


@pytest.mark.parametrize("path", ["/console", "/throws", "/elsewhere", "/refused"])
def test_what_a_page_does_wrong_is_found(browser: HeadlessBrowser, site: str, path: str) -> None:
    """An error in the console, an exception, a request to another host: each fails the test."""

    def look(page: Page) -> None:
        page.goto(f"{site}{path}")

    with pytest.raises(AssertionError):
        browser.visit(look)


def test_refusals_may_be_expected(browser: HeadlessBrowser, site: str) -> None:
    """A page that is answered with 404 is no error for those who ask for it."""

    def look(page: Page) -> int | None:
        answer = page.goto(f"{site}/nothing")
        return None if answer is None else answer.status

    assert browser.visit(look, may_be_refused=True) == 404


@pytest.mark.anyio
async def test_async_tests_run_beside_it(browser: HeadlessBrowser) -> None:
    """The browser leaves no event loop in the thread of the tests."""
    assert browser.visit(lambda page: page.url) == "about:blank"
