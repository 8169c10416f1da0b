"""The operators' page as HTML: one document without scripts and external resources."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from fastapi.responses import HTMLResponse

from fastapi_app.markup import Markup, join, tag
from frontegg_async import Tenant, TenantTree
from frontegg_async.integrations.problems import Problem

if TYPE_CHECKING:
    from fastapi_app.accounts import Found
    from fastapi_app.admin import Change, Overview

STYLE: Final = (Path(__file__).parent / "style.css").read_text(encoding="utf-8")
_STYLE_HASH: Final = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
POLICY: Final = (
    f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""The Content-Security-Policy: only the page's own style is loaded."""

MOST_NODES: Final = 200
"""The maximum number of accounts that the page shows of a tree."""


def overview(shown: Overview) -> str:
    """Return the page."""
    return _document("Accounts", _search(shown.query), _accounts(shown), _tree(shown), _changes(shown))


def listing(query: str, found: Found, number: int) -> str:
    """Return a page of all accounts.

    Args:
        query: The searched text.
        found: The accounts.
        number: The number of the page, from 1.
    """
    last = found.offset + len(found.accounts)
    links = [
        tag("a", text, href=_address("/admin/accounts", q=query, page=str(other)))
        for text, other, is_there in (
            ("Previous page", number - 1, number > 1),
            ("Next page", number + 1, last < found.total),
        )
        if is_there
    ]
    section = _accounts_section(
        "All accounts",
        _account_table(f"{found.offset + 1} to {last} of {found.total}", query, found),
        tag("nav", *links, aria_label="Pages", class_="pages") if links else None,
        tag("p", "A change may take a second to appear here.", class_="quiet"),
    )
    return _document("All accounts", _search(query, "/admin/accounts"), section)


def response(text: str, status: int = 200) -> HTMLResponse:
    """Return a page as the response to a request."""
    headers = {"Content-Security-Policy": POLICY, "Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
    return HTMLResponse(text, status, headers)


def sign_up(mistake: str | None = None) -> str:
    """Return the form for new customers."""
    fields = (
        tag("label", "Company", for_="company"),
        tag("input", id="company", name="company", required=True, maxlength="100"),
        tag("label", "E-mail address", for_="email"),
        tag("input", type="email", id="email", name="email", required=True, maxlength="254"),
        tag("button", "Sign up"),
    )
    told = None if mistake is None else tag("p", mistake, role="alert")
    form = tag("form", *fields, action="/join", method="post")
    return _document("Sign up", None, tag("section", tag("h2", "Sign up"), told, form, id="accounts", tabindex="-1"))


def welcome(company: str, email: str) -> str:
    """Return the page for a customer who has signed up."""
    words = (tag("h2", f"Welcome, {company}"), tag("p", f"An invitation is on its way to {email}.", role="status"))
    return _document("Welcome", None, tag("section", *words, id="accounts", tabindex="-1"))


def start() -> str:
    """Return the start page."""
    pages = (
        ("/join", "Sign up", "for new customers"),
        ("/admin", "Accounts", "for operators, who sign in as admin"),
        ("/docs", "API", "sign-up, and the sub-accounts of owners, who send their token"),
    )
    links = (tag("li", tag("a", name, href=address), f" - {purpose}") for address, name, purpose in pages)
    return _document("Start", None, tag("section", tag("h2", "Pages"), tag("ul", *links), id="accounts", tabindex="-1"))


def failure(problem: Problem) -> str:
    """Return the page that reports a failed call."""
    return _document(
        problem.title, None, tag("section", tag("h2", problem.title), tag("p", problem.detail), aria_label="Problem")
    )


def _document(title: str, search: Markup | None, *sections: Markup) -> str:
    head = join(
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("title", f"{title} - Admin"),
        tag("style", Markup(STYLE)),
    )
    body = join(
        tag("a", "Skip to the accounts", class_="skip", href="#accounts"),
        tag("header", tag("h1", tag("a", "Account administration", href="/admin")), search, class_="top"),
        tag("main", *sections),
    )
    return f"<!doctype html>{tag('html', tag('head', head), tag('body', body), lang='en')}"


def _search(query: str, action: str = "/admin") -> Markup:
    return tag(
        "search",
        tag(
            "form",
            tag("label", "Name or id", for_="q"),
            tag("input", type="search", id="q", name="q", value=query, maxlength="100"),
            tag("button", "Search"),
            action=action,
        ),
    )


def _address(path: str, **parameters: str) -> str:
    """Return an address with the parameters that are not empty."""
    given = urlencode({name: value for name, value in parameters.items() if value})
    return f"{path}?{given}" if given else path


def _named(account_id: str, name: str | None, query: str, *, is_current: bool = False) -> Markup:
    address = _address("/admin", q=query, account=account_id)
    return tag("a", name or account_id, href=address, aria_current="true" if is_current else None)


def _cell(account: Tenant, query: str) -> Markup:
    """Return the row heading: the account's name, and its id below."""
    is_locked = tag("span", " locked", class_="quiet") if account.is_locked else None
    shown_id = tag("span", account.tenant_id, class_="id")
    return tag("th", _named(account.tenant_id, account.name, query), is_locked, " ", shown_id, scope="row")


def _time(moment: datetime | None) -> Markup | None:
    if moment is None:
        return None
    return tag("time", f"{moment.day} {moment:%b %Y, %H:%M}", datetime=moment.isoformat(timespec="seconds"))


def _table(caption: str, columns: Iterable[str], rows: Iterable[Markup]) -> Markup:
    head = tag("thead", tag("tr", *(tag("th", column, scope="col") for column in columns)))
    return tag("div", tag("table", tag("caption", caption), head, tag("tbody", *rows)), class_="table")


def _accounts(shown: Overview) -> Markup:
    count, total = len(shown.found.accounts), shown.found.total
    content = _account_table(f"The first {count} of {total}" if total > count else str(count), shown.query, shown.found)
    link = tag("p", tag("a", "All accounts", href=_address("/admin/accounts", q=shown.query)))
    return _accounts_section("Accounts", content, link)


def _accounts_section(heading: str, *content: Markup | None) -> Markup:
    return tag("section", tag("h2", heading, id="list"), *content, id="accounts", aria_labelledby="list", tabindex="-1")


def _account_table(counted: str, query: str, found: Found) -> Markup:
    """Return the accounts of a page, with their number in the caption."""
    matching = f"matching “{query}”" if query else "in all"
    if not found.accounts:
        return tag("p", f"There is no account {'on this page' if found.offset else matching}.", role="status")
    return _table(
        f"{counted} {matching}, by name",
        ("Account", "Created"),
        (tag("tr", _cell(each, query), tag("td", _time(each.created_at))) for each in found.accounts),
    )


def _tree(shown: Overview) -> Markup:
    if shown.tree is None:
        text = "Choose an account to see where it stands." if shown.selected is None else "There is no such account."
        content = tag("p", text, role=None if shown.selected is None else "status")
    else:
        content = _nested(shown.tree, shown)
    return tag("section", tag("h2", "Account tree", id="tree"), content, aria_labelledby="tree")


def _nested(tree: TenantTree, shown: Overview) -> Markup:
    """Return the tree as nested lists, without recursion, because trees may be deep."""
    parts: list[str] = []
    open_lists = 0
    for entry in (each for each, _ in zip(tree.walk(), range(MOST_NODES), strict=False)):
        if entry.depth >= open_lists:
            parts.append('<ul class="tree">' if open_lists == 0 else "<ul>")
            open_lists += 1
        else:
            parts.append("</li>" + "</ul></li>" * (open_lists - 1 - entry.depth))
            open_lists = entry.depth + 1
        node = entry.node
        is_current = node.tenant_id == shown.selected
        parts.append(f"<li>{_named(node.tenant_id, node.tenant_name, shown.query, is_current=is_current)}")
    parts.append("</li></ul>" * open_lists)
    left = len(tree) - MOST_NODES
    more = tag("p", f"{left} more are not shown.", class_="quiet") if left > 0 else None
    levels = "one level" if tree.depth == 0 else f"{tree.depth + 1} levels"
    counted = "1 account" if len(tree) == 1 else f"{len(tree)} accounts"
    return join(tag("p", f"{counted} on {levels}", class_="quiet"), Markup("".join(parts)), more)


def _changes(shown: Overview) -> Markup:
    return tag(
        "section",
        tag("h2", "Recent changes", id="changes"),
        _table(
            f"The latest {len(shown.changes)}, times in UTC",
            ("When", "What", "Account"),
            (_change_row(each, shown.query) for each in shown.changes),
        )
        if shown.changes
        else tag("p", "There are no changes yet."),
        aria_labelledby="changes",
    )


def _change_row(change: Change, query: str) -> Markup:
    what = tag("td", "created" if change.is_new else "changed", class_="new" if change.is_new else None)
    return tag("tr", tag("td", _time(change.at)), what, _cell(change.account, query))
