"""A headless browser of the system; errors of the visited pages fail the test.

Tests that use the fixture ``browser`` are marked ``slow``: a page does not depend on the Python version.
"""

from __future__ import annotations

import ipaddress
import queue
import shutil
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any, Final, Literal, TypeVar
from urllib.parse import urlsplit

import attrs
import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Page, Route  # noqa: TC004 - attrs does not look at the annotation

__all__ = ["NARROW", "WIDE", "HeadlessBrowser", "browser", "violations"]

WIDE: Final = (1280, 900)
NARROW: Final = (390, 844)
"""Width and height of a desktop's and a phone's window."""

_RULES: Final = {
    "resultTypes": ["violations"],
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}
"""The rules of WCAG 2.0, 2.1 and 2.2, levels A and AA, and what is best practice beside them."""

R = TypeVar("R")

_ARGUMENTS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_READY_SECONDS: Final = 120.0
_STEP_MILLISECONDS: Final = 30_000
_REFUSED: Final = "Failed to load resource: the server responded with a status of 4"


@attrs.frozen
class _Visit:
    """A function to run on a new page, and the future of its result."""

    act: Callable[[Page], Any]
    settings: dict[str, Any]
    may_be_refused: bool
    result: Future[Any] = attrs.field(factory=Future)


class HeadlessBrowser:
    """Chromium in its own thread: Playwright keeps an event loop in its thread, which would disturb async tests."""

    def __init__(self, executable: str) -> None:
        self._executable = executable
        self._visits: queue.Queue[_Visit | None] = queue.Queue()
        self._ready: Future[None] = Future()
        self._thread = threading.Thread(target=self._serve, name="browser", daemon=True)

    def start(self) -> None:
        """Start the browser, and return when it is ready."""
        self._thread.start()
        self._ready.result(_READY_SECONDS)

    def stop(self) -> None:
        """Stop the browser."""
        self._visits.put(None)
        self._thread.join(_READY_SECONDS)

    def visit(
        self,
        act: Callable[[Page], R],
        *,
        size: tuple[int, int] = WIDE,
        color_scheme: Literal["light", "dark"] = "light",
        javascript: bool = True,
        headers: dict[str, str] | None = None,
        may_be_refused: bool = False,
    ) -> R:
        """Run a function on a new page without earlier cookies, and return its result.

        Fails on console errors, exceptions of scripts, and requests to any host except loopback.

        Args:
            act: Receives Playwright's ``Page``; each step has a timeout of half a minute.
            size: `WIDE`, `NARROW`, or another width and height.
            color_scheme: The user's preferred colour scheme.
            javascript: Whether scripts run.
            headers: Headers to add to each request.
            may_be_refused: Whether responses with 4xx are allowed: Chromium reports them on the console.
        """
        settings: dict[str, Any] = {
            "viewport": {"width": size[0], "height": size[1]},
            "color_scheme": color_scheme,
            "java_script_enabled": javascript,
            "extra_http_headers": headers or {},
        }
        visit = _Visit(act, settings, may_be_refused)
        self._visits.put(visit)
        result: R = visit.result.result()
        return result

    def _serve(self) -> None:
        from playwright.sync_api import expect, sync_playwright

        expect.set_options(timeout=_STEP_MILLISECONDS)

        try:
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=self._executable, args=list(_ARGUMENTS))
                self._ready.set_result(None)
                while (visit := self._visits.get()) is not None:
                    try:
                        visit.result.set_result(_carry_out(browser, visit))
                    except BaseException as error:  # noqa: BLE001 - it is the test's, which waits for it
                        visit.result.set_exception(error)
                browser.close()
        except BaseException as error:
            if self._ready.done():
                raise
            self._ready.set_exception(error)


def _carry_out(browser: Browser, visit: _Visit) -> object:
    wrongs: list[str] = []

    def heard(message: ConsoleMessage) -> None:
        if message.type == "error" and not (visit.may_be_refused and message.text.startswith(_REFUSED)):
            wrongs.append(f"console: {message.text}")

    def confine(route: Route) -> None:
        if _is_here(route.request.url):
            route.continue_()
        else:
            wrongs.append(f"request to elsewhere: {route.request.url}")
            route.abort()

    context = browser.new_context(**visit.settings)
    try:
        context.set_default_timeout(_STEP_MILLISECONDS)
        context.route("**/*", confine)
        context.on("console", heard)
        context.on("weberror", lambda raised: wrongs.append(f"exception: {raised.error}"))
        result = visit.act(context.new_page())
    finally:
        context.close()
    if wrongs:
        raise AssertionError("\n".join(wrongs))
    return result


def _is_here(url: str) -> bool:
    parts = urlsplit(url)
    if parts.scheme in {"about", "blob", "data"}:
        return True
    try:
        return ipaddress.ip_address(parts.hostname or "").is_loopback
    except ValueError:
        return parts.hostname == "localhost"


@pytest.fixture(scope="session")
def browser() -> Iterator[HeadlessBrowser]:
    """One browser for all tests of the process; tests are skipped without a browser."""
    executable = shutil.which("chromium")
    if executable is None:
        pytest.skip("needs a browser: Debian's package chromium")
    found = HeadlessBrowser(executable)
    found.start()
    yield found
    found.stop()


def violations(page: Page, where: str = "body") -> list[tuple[str, list[str]]]:
    """Return what axe-core finds in a part of a page: the rules, and the elements that break them."""
    from axe_playwright_python.base import AXE_SCRIPT

    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found: Any = page.evaluate("([where, rules]) => axe.run(where, rules)", [where, _RULES])
    return [(each["id"], [node["html"] for node in each["nodes"]]) for each in found["violations"]]
