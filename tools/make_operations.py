"""Write ``docs/reference/operations.md`` from the declared operations; with ``--check``, report whether it changes.

Usage: ``python tools/make_operations.py [--check]``.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from frontegg_async.catalogue.lookups import methods_of  # noqa: E402 - of this checkout, always
from frontegg_async.catalogue.types import Client  # noqa: E402 - likewise
from frontegg_async.endpoints import Auth, Endpoint, Evidence, all_endpoints  # noqa: E402 - likewise

PAGE: Final = ROOT / "docs" / "reference" / "operations.md"

EVIDENCE: Final = {
    Evidence.DOCUMENTED: "documented",
    Evidence.LIVE: "observed",
    Evidence.CLIENT: "used by other clients",
    Evidence.ASSUMED: "assumed",
}

CREDENTIALS: Final = (
    (Auth.ENVIRONMENT, "environment"),
    (Auth.TENANT, "environment with the tenant"),
    (Auth.USER, "user"),
)

CALLED: Final[dict[Client, str]] = {"environment": "frontegg", "user": "user"}
"""The clients, and their names in method names."""

HEAD: Final = """\
# Operations

This version knows {total} operations of the service, of which {methods} have a method. The page is
generated from the declared operations. For other parts of the service, declare
[neighbouring operations](own_operations.md#neighbouring-operations) and call them with `send()`.

- **called on**: the client that has a method of this name, or the methods with other names that call the operation.
  `frontegg` is `AsyncFrontegg` or `Frontegg`. `user` is `AsyncFronteggUser`, `FronteggUser` or the return value of
  `as_user(...)`. The view that `for_tenant(...)` returns has the methods for one tenant, without the tenant id.
  *inside*: the clients call the operation automatically. *emulator*: the emulator serves the operation, and no client
  calls it, for a [reason](own_operations.md#operations-without-a-method). You can call operations of both kinds with
  [`send()`](own_operations.md).
- **credential**: the environment's client id and secret, or a user's token. *With the tenant* means that the request
  carries the tenant's id in a header, which the method sets. *With the user* means the same for the user's id, which
  `send()` takes as `user_id`.
- **evidence**: the source. An operation is *documented* in the public reference, *observed* by tests against the real
  service, *used by other clients*, or *assumed*.
"""


def reference_path(endpoint: Endpoint[object]) -> str:
    """Return the path in the form of the public reference, with parameters in camel case."""
    return re.sub(r"_([a-z])", lambda match: match.group(1).upper(), endpoint.path)


def credential(endpoint: Endpoint[object]) -> str:
    """Return the credentials that an operation accepts, as text."""
    return ", or ".join(_words(endpoint, auth, words) for auth, words in CREDENTIALS if endpoint.auth & auth) or "none"


def _words(endpoint: Endpoint[object], auth: Auth, words: str) -> str:
    if not endpoint.user_header or auth is Auth.USER:
        return words
    return f"{words} and the user" if auth is Auth.TENANT else f"{words} with the user"


def methods(endpoint: Endpoint[object]) -> Iterator[str]:
    """Yield the names of the methods that call an operation; only the client if the method has the operation's name."""
    for client, called in CALLED.items():
        paths = [each.path for each in methods_of(client, endpoint.name)]
        if endpoint.name in paths:
            yield f"`{called}`"
        else:
            yield from (f"`{called}.{path}`" for path in paths)


def method(endpoint: Endpoint[object]) -> str:
    """Return the cell about the methods of an operation."""
    if not endpoint.client:
        return "*emulator*"
    return ", ".join(methods(endpoint)) or "*inside*"


def row(endpoint: Endpoint[object]) -> str:
    """Return the table row of an operation."""
    route = f"`{endpoint.method} {reference_path(endpoint)}`"
    cells = (f"`{endpoint.name}`", route, method(endpoint), credential(endpoint), EVIDENCE[endpoint.evidence])
    return f"| {' | '.join(cells)} |"


def subject(endpoint: Endpoint[object]) -> str:
    """Return the subject of an operation: the first word of its name."""
    return endpoint.name.partition(".")[0]


def page() -> str:
    """Return the text of the page."""
    endpoints = sorted(all_endpoints(), key=subject)  # stable: within a subject they stay in the order of their module
    total = len(endpoints)
    parts = [HEAD.format(total=total, methods=sum(any(methods(each)) for each in endpoints))]
    for name, group in groupby(endpoints, key=subject):
        head = (
            f"## {name}",
            "",
            "| name | operation | called on | credential | evidence |",
            "| --- | --- | --- | --- | --- |",
        )
        parts.append("\n".join([*head, *map(row, group), ""]))
    return "\n".join(parts)


def main() -> int:
    """Write or check the page; return 1 if the check finds it outdated."""
    parser = argparse.ArgumentParser(description="Write docs/reference/operations.md from the declared operations.")
    parser.add_argument("--check", action="store_true", help="change nothing; fail if something would change")
    check: bool = parser.parse_args().check
    text = page()
    is_current = PAGE.exists() and PAGE.read_text(encoding="utf-8") == text
    if not check:
        PAGE.write_text(text, encoding="utf-8", newline="\n")
    elif not is_current:
        print(
            "make_operations: docs/reference/operations.md is not up to date; run make generate, and commit it",
            file=sys.stderr,
        )
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
