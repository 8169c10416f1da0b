"""The documentation is built without a warning, has all that is public, and fits wide and narrow screens."""

from __future__ import annotations

import functools
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

import frontegg_async
import frontegg_async.emulator
import frontegg_async.resources
import frontegg_sync
import frontegg_sync.resources
from tests.docs.markdown import PAGES, ROOT
from tests.support.browser import NARROW, WIDE, HeadlessBrowser, browser

if TYPE_CHECKING:
    from playwright.sync_api import Page

__all__ = ["browser"]

_DOCUMENTED: Final = {
    "frontegg_async": frontegg_async.__all__,
    "frontegg_async.emulator": frontegg_async.emulator.__all__,
    "frontegg_async.resources": frontegg_async.resources.__all__,
    "frontegg_sync": sorted({*frontegg_sync.__all__} - {*frontegg_async.__all__}),
    "frontegg_sync.resources": frontegg_sync.resources.__all__,
}
_REFERENCE: Final = "\n".join(page.read_text(encoding="utf-8") for page in (ROOT / "docs" / "api").glob("*.md"))


@pytest.mark.parametrize("package", _DOCUMENTED)
def test_the_reference_has_all_that_is_public(package: str) -> None:
    """Each name once, by the package that it is imported from."""
    listed = re.findall(rf"^\.\. auto\w+:: {re.escape(package)}\.(\w+)$", _REFERENCE, re.MULTILINE)
    assert [name for name in _DOCUMENTED[package] if listed.count(name) != 1 and name != "__version__"] == []


def test_every_page_can_be_reached() -> None:
    """The index leads to all pages."""
    index = (ROOT / "docs" / "index.md").read_text(encoding="utf-8")
    linked = {
        line.strip() for fence in re.findall(r"```\{toctree\}(.*?)```", index, re.DOTALL) for line in fence.split("\n")
    }
    assert [page.stem for page in PAGES if page.parent == ROOT / "docs" and page.stem not in {*linked, "index"}] == []


def test_addresses_beyond_the_project_are_https() -> None:
    """And few: pages that others move cannot be held here."""
    found = {
        address
        for page in (*PAGES, ROOT / "CHANGELOG.md", ROOT / "SECURITY.md")
        for address in re.findall(r"\]\((\w+:[^)]+)\)", page.read_text(encoding="utf-8"))
    }
    assert [address for address in found if not address.startswith("https://")] == []
    assert len(found) < 20


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the documentation, built."""
    pytest.importorskip("sphinx", reason="of the group docs")
    target = tmp_path_factory.mktemp("site")
    command = [
        sys.executable,
        "-m",
        "sphinx",
        "--fail-on-warning",
        "--keep-going",
        "-q",
        str(ROOT / "docs"),
        str(target),
    ]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (0, "")
    return target


@pytest.mark.slow
def test_it_is_built_and_whole(site: Path) -> None:
    """Without a warning, and with an entry of the search for what is public."""
    pages = {page.relative_to(site).as_posix() for page in site.rglob("*.html")}
    assert {"index.html", "getting_started.html", "operations.html", "changelog.html", "api/async.html"} <= pages
    reference = (site / "api" / "models.html").read_text(encoding="utf-8")
    assert 'id="frontegg_async.Tenant"' in reference
    assert "\N{REPLACEMENT CHARACTER}" not in reference


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *arguments: object) -> None:
        """Write nothing."""


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    """Return where the documentation is served."""
    with ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(site))) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.mark.slow
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("name", ["index", "getting_started", "tenants", "operations", "api/async"])
def test_pages_fit_the_screen(browser: HeadlessBrowser, address: str, name: str, size: tuple[int, int]) -> None:
    """One heading of the first rank, a way to the other pages, and nothing beyond the edge."""

    def look(page: Page) -> tuple[int, int, bool]:
        page.goto(f"{address}/{name}.html")
        beyond: bool = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
        return page.locator("h1").count(), page.locator("nav a, .sidebar-tree a").count(), beyond

    headings, links, beyond = browser.visit(look, size=size)
    assert headings == 1
    assert links > 10
    assert not beyond
