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
from urllib.parse import quote_plus

import pytest
from redirects import MOVED

import frontegg_async.bulk
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
from tests.support.browser import NARROW, WIDE, HeadlessBrowser, browser, violations

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

__all__ = ["browser"]

_DOCUMENTED: Final = {
    "frontegg_async": frontegg_async.__all__,
    **{
        module.__name__: sorted({*module.__all__} - {*frontegg_async.__all__})
        for module in (
            frontegg_async.bulk,
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
    "frontegg_sync.bulk": ["Bulk"],
    "frontegg_sync.resources": frontegg_sync.resources.__all__,
}
_ELSEWHERE: Final = {"WebhookEvent", "WebhookVerifier", "__version__"}
_SITE: Final = "https://docs.example.com/below/a/path"
_REFERENCE: Final = "\n".join(page.read_text(encoding="utf-8") for page in (ROOT / "docs" / "api").glob("*.md"))


@pytest.mark.parametrize("package", _DOCUMENTED)
def test_the_reference_has_all_that_is_public(package: str) -> None:
    """Each name once, by the package that it is imported from; all of webhooks by their module."""
    listed = re.findall(rf"^\.\. auto\w+:: {re.escape(package)}\.(\w+)$", _REFERENCE, re.MULTILINE)
    assert [name for name in _DOCUMENTED[package] if listed.count(name) != 1 and name not in _ELSEWHERE] == []


def test_every_page_can_be_reached() -> None:
    """The contents of the site and of its parts lead to all pages, each once."""
    listed = [
        (index.parent / f"{name}.md").resolve()
        for index in (ROOT / "docs").glob("**/index.md")
        for fence in re.findall(r"```\{toctree\}(.*?)```", index.read_text(encoding="utf-8"), re.DOTALL)
        for name in fence.split()
        if name.islower() and name[0] != ":"
    ]
    assert [page for page in PAGES if page.parent != ROOT and page.stem != "index" and listed.count(page) != 1] == []


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
    assert {"reference/changelog.html", *(f"{name}.html" for name in _LOOKED_AT)} <= pages
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
    assert '<meta name="description"' in (site / "guide" / "tenants.html").read_text(encoding="utf-8")


@pytest.mark.acceptance
def test_programs_are_led_to_the_texts_of_all_pages(site: Path) -> None:
    """Below the address of the site, also if it has a path; the links of a text lead to texts."""
    linked = re.findall(rf"\]\({_SITE}/([^)]+)\)", (site / "llms.txt").read_text(encoding="utf-8"))
    assert [name for name in linked if not (site / name).is_file()] == []
    texts = {f"_sources/{page.relative_to(ROOT / 'docs').as_posix()}" for page in PAGES if page.parent != ROOT}
    assert texts <= set(linked)
    for name in texts:
        text = (site / name).read_text(encoding="utf-8")
        links = re.findall(r"\]\(([^):#]+\.md)", text) if "relative-docs" not in text else []
        assert [each for each in links if not ((site / name).parent / each).resolve().is_file()] == [], name
    assert "\n## frontegg tenants\n" in (site / "_sources/reference/command_line_reference.md").read_text("utf-8")
    assert "\n## frontegg tenants\n" in (site / "llms-full.txt").read_text(encoding="utf-8")


@pytest.mark.acceptance
def test_former_addresses_lead_to_pages_and_headings_of_today(site: Path) -> None:
    """Those from before pages were sorted into folders."""
    for place, target in MOVED.items():
        page, _, heading = target.partition("#")
        text = (site / f"{page}.html").read_text(encoding="utf-8")
        assert not heading or f'id="{heading}"' in text, target
        assert f'"{page}.html' in (site / f"{place.partition('#')[0]}.html").read_text(encoding="utf-8"), place


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    """Yield the address of the site on this machine."""
    with _serve(site) as found:
        yield found


@pytest.mark.acceptance
def test_no_page_is_cut(browser: HeadlessBrowser, site: Path, address: str) -> None:
    """Code and tables fit the window of a desktop, and no command is broken within a word."""
    pages = [page.relative_to(site).as_posix() for page in sorted(site.glob("*/**/*.html"))]

    def look(page: Page) -> list[tuple[str, list[str]]]:
        return [(name, found) for name in pages if (found := _cut(page, f"{address}/{name}"))]

    assert len(pages) > len(PAGES)
    assert browser.visit(look, size=(1440, 900)) == []


_CUT: Final = """[
    ...[...document.querySelectorAll("pre, .table-wrapper")].filter((each) => each.scrollWidth > each.clientWidth),
    ...[...document.querySelectorAll(".whole")].filter((each) => each.getClientRects().length > 1),
].map((each) => each.textContent.slice(0, 50))"""


def _cut(page: Page, url: str) -> list[str]:
    page.goto(url, wait_until="domcontentloaded")
    found: list[str] = page.evaluate(_CUT)
    return found


_LOOKED_AT: Final = ("index", "guide/command_line", "howto/faults", "integrations/notebooks")


@pytest.mark.acceptance
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_pages_can_be_used(browser: HeadlessBrowser, address: str, size: tuple[int, int]) -> None:
    """By eye and by keyboard: axe-core finds nothing, and nothing is beyond the edge."""

    def look(page: Page) -> Iterator[tuple[str, object]]:
        for name in _LOOKED_AT:
            page.goto(f"{address}/{name}.html")
            assert page.locator("h1").count() == 1
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), name
            yield name, violations(page)

    assert [found for found in browser.visit(lambda page: [*look(page)], size=size) if found[1]] == []


@pytest.mark.acceptance
def test_code_can_be_copied(browser: HeadlessBrowser, address: str) -> None:
    """Also on a page with the id of a heading *Exports*, which is then a name of the window."""

    def give_an_id(route: Route) -> None:
        response = route.fetch()
        route.fulfill(response=response, body=response.text().replace("<h1>", '<h1 id="exports">', 1))

    def look(page: Page) -> tuple[int, int]:
        page.route("**/guide/command_line.html", give_an_id)
        page.goto(f"{address}/guide/command_line.html")
        assert page.locator("#exports").count() == 1
        page.locator(".copybtn").first.wait_for(state="attached")
        return page.locator(".copybtn").count(), page.locator("div.highlight pre").count()

    buttons, code = browser.visit(look)
    assert buttons == code > 0


@pytest.mark.acceptance
def test_the_parts_of_the_site_fold(browser: HeadlessBrowser, address: str) -> None:
    """The navigation shows the pages of one part, and the names of the others."""

    def look(page: Page) -> dict[str, bool]:
        page.goto(f"{address}/howto/exports.html")
        links = {
            each: page.locator(f'.sidebar-tree a[href="{each}"]') for each in ("testing.html", "../guide/index.html")
        }
        hidden = page.locator('.sidebar-tree a[href="../guide/users.html"]')
        return {each: link.is_visible() for each, link in links.items()} | {"users": hidden.is_visible()}

    assert browser.visit(look) == {"testing.html": True, "../guide/index.html": True, "users": False}


@pytest.mark.acceptance
def test_the_right_page_is_found_first(browser: HeadlessBrowser, address: str) -> None:
    """By words that the text does not have, and by numbers, which the search of Sphinx leaves out."""
    wanted = {
        "403": "guide/errors",
        "429": "reference/options",
        "exports": "howto/exports",
        "migrate from frontegg": "howto/moving",
        "webhook signature": "guide/webhooks",
    }

    def look(page: Page) -> dict[str, str]:
        found = {}
        for words in wanted:
            page.goto(f"{address}/search.html?q={quote_plus(words)}")
            page.get_by_text("Search finished").wait_for()
            first = page.locator("#search-results li > a").first.get_attribute("href")
            found[words] = str(first).partition(".html")[0]
        return found

    assert browser.visit(look) == wanted


@pytest.mark.acceptance
def test_former_addresses_are_left(browser: HeadlessBrowser, address: str) -> None:
    """By a script, which keeps the heading, or without scripts by the page alone."""

    def look(page: Page, *, wanted: dict[str, str]) -> dict[str, str]:
        found = {}
        for former in wanted:
            page.goto(f"{address}/{former}")
            page.locator(".sidebar-tree").wait_for(state="attached")
            found[former] = page.url.removeprefix(f"{address}/")
        return found

    with_scripts = {
        "users.html": "guide/users.html",
        "users.html#find": "guide/users.html#find",
        "emulator.html#host-names": "howto/emulator.html#host-names",
        "emulator.html#webhooks": "reference/emulator_fidelity.html#webhooks",
        "scim.html": "guide/sso.html#scim",
    }
    assert browser.visit(functools.partial(look, wanted=with_scripts)) == with_scripts
    without = {"scim.html": "guide/sso.html#scim"}
    assert browser.visit(functools.partial(look, wanted=without), javascript=False) == without


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
