"""The documentation is built without a warning, has all that is public, and fits wide and narrow screens."""

from __future__ import annotations

import contextlib
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
import frontegg_async.credentials
import frontegg_async.emulator
import frontegg_async.endpoints
import frontegg_async.errors
import frontegg_async.models
import frontegg_async.options
import frontegg_async.regions
import frontegg_async.resources
import frontegg_async.testing
import frontegg_sync
import frontegg_sync.resources
from tests.docs.markdown import PAGES, ROOT
from tests.support.browser import NARROW, WIDE, HeadlessBrowser, browser

if TYPE_CHECKING:
    from playwright.sync_api import Page

__all__ = ["browser"]

_DOCUMENTED: Final = {
    "frontegg_async": frontegg_async.__all__,
    **{
        module.__name__: sorted({*module.__all__} - {*frontegg_async.__all__})
        for module in (
            frontegg_async.credentials,
            frontegg_async.endpoints,
            frontegg_async.errors,
            frontegg_async.models,
            frontegg_async.options,
            frontegg_async.regions,
        )
    },
    "frontegg_async.testing": [name for name in frontegg_async.testing.__all__ if name[0].isupper()],
    "frontegg_async.emulator": frontegg_async.emulator.__all__,
    "frontegg_async.resources": frontegg_async.resources.__all__,
    "frontegg_sync": sorted({*frontegg_sync.__all__} - {*frontegg_async.__all__}),
    "frontegg_sync.resources": frontegg_sync.resources.__all__,
}
_SITE: Final = "https://docs.example.com"
_REFERENCE: Final = "\n".join(page.read_text(encoding="utf-8") for page in (ROOT / "docs" / "api").glob("*.md"))


@pytest.mark.parametrize("package", _DOCUMENTED)
def test_the_reference_has_all_that_is_public(package: str) -> None:
    """Each name once, by the package that it is imported from."""
    listed = re.findall(rf"^\.\. auto\w+:: {re.escape(package)}\.(\w+)$", _REFERENCE, re.MULTILINE)
    assert [name for name in _DOCUMENTED[package] if listed.count(name) != 1 and name != "__version__"] == []


def test_every_page_can_be_reached() -> None:
    """The index of each folder leads to all of its pages."""
    for folder in sorted({page.parent for page in PAGES} - {ROOT}):
        index = (folder / "index.md").read_text(encoding="utf-8")
        linked = {
            line.strip()
            for fence in re.findall(r"```\{toctree\}(.*?)```", index, re.DOTALL)
            for line in fence.split("\n")
        }
        assert [page.stem for page in PAGES if page.parent == folder and page.stem not in {*linked, "index"}] == []


def test_addresses_beyond_the_project_are_https() -> None:
    """And few: pages that others move cannot be held here."""
    found = {
        address
        for page in (*PAGES, *(ROOT / f"{name}.md" for name in ("CHANGELOG", "CONTRIBUTING", "RELEASING", "SECURITY")))
        for address in re.findall(r"\]\((\w+:[^)]+)\)", page.read_text(encoding="utf-8"))
    }
    assert [address for address in found if not address.startswith("https://")] == []
    assert len(found) < 20


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the site as it is published, below an address."""
    directory = tmp_path_factory.mktemp("site")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DOCUMENTATION_URL", _SITE)
        build = (sys.executable, "-m", "sphinx", "--fail-on-warning", "--keep-going", "-q", str(ROOT / "docs"))
        run = subprocess.run([*build, str(directory)], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (0, "")
    return directory


@pytest.mark.early
@pytest.mark.acceptance
def test_the_site_is_whole(site: Path) -> None:
    """It is built without a warning, and has the pages and what they are to show."""
    pages = {page.relative_to(site).as_posix() for page in site.rglob("*.html")}
    assert {"changelog.html", *(f"{name}.html" for name in _LOOKED_AT)} <= pages
    assert 'id="frontegg_async.Tenant"' in (site / "api" / "models.html").read_text(encoding="utf-8")


@pytest.mark.acceptance
def test_the_site_can_be_shared_and_read_by_programs(site: Path) -> None:
    """A page has an icon, a card and a description, and llms.txt leads to all pages."""
    page = (site / "api" / "async.html").read_text(encoding="utf-8")
    icon = re.search(r'<link rel="icon" href="([^"?]+)', page) or re.search(
        r'<link rel="shortcut icon" href="([^"?]+)', page
    )
    assert icon is not None
    assert (site / "api" / icon[1]).resolve().is_file()
    assert f'<meta property="og:url" content="{_SITE}/api/async.html"' in page
    card = re.search(rf'<meta property="og:image" content="{_SITE}/([^"]+)"', page)
    assert card is not None
    assert (site / card[1]).is_file()
    assert '<meta name="description"' in (site / "tenants.html").read_text(encoding="utf-8")

    linked = re.findall(rf"\]\({_SITE}/([^)]+)\)", (site / "llms.txt").read_text(encoding="utf-8"))
    assert [name for name in linked if not (site / name).is_file()] == []
    assert {f"{page.stem}.html" for page in PAGES if page.parent == ROOT / "docs"} <= set(linked)


@pytest.mark.acceptance
def test_the_site_in_a_browser(browser: HeadlessBrowser, site: Path) -> None:
    """Its pages fit wide and narrow screens."""
    with _serve(site) as address:
        pages = [page.relative_to(site).as_posix() for page in sorted(site.rglob("*.html"))]
        assert browser.visit(lambda page: [name for name in pages if _is_code_cut(page, f"{address}/{name}")]) == []
        for name in _LOOKED_AT:
            for size in (WIDE, NARROW):
                _look_at(browser, f"{address}/{name}.html", size)


_LOOKED_AT: Final = ("index", "getting_started", "tenants", "operations", "api/async")


def _is_code_cut(page: Page, url: str) -> bool:
    """Return whether a block of code is wider than the column of a desktop's window."""
    page.goto(url, wait_until="domcontentloaded")
    cut: bool = page.evaluate("[...document.querySelectorAll('pre')].some(each => each.scrollWidth > each.clientWidth)")
    return cut


def _look_at(browser: HeadlessBrowser, url: str, size: tuple[int, int]) -> None:
    """See one heading of the first rank, a way to the other pages, and nothing beyond the edge."""

    def look(page: Page) -> tuple[int, int, bool]:
        page.goto(url)
        beyond: bool = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
        return page.locator("h1").count(), page.locator("nav a, .sidebar-tree a").count(), beyond

    headings, links, is_beyond = browser.visit(look, size=size)
    assert (headings, links > len(_LOOKED_AT), is_beyond) == (1, True, False), url


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *arguments: object) -> None:
        """Write nothing."""


@contextlib.contextmanager
def _serve(directory: Path) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(directory))) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
