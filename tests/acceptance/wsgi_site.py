"""A site whose clients are made and used when it is loaded: before the fork, unless each worker loads it."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Callable, Iterable, Mapping
from typing import Final

import frontegg_async
from frontegg_sync import Frontegg, TokenVerifier

_URL: Final = os.environ["FRONTEGG_BASE_URL"]

blocking: Final = Frontegg.from_env()
awaited: Final = frontegg_async.AsyncFrontegg.from_env()
verifier: Final = TokenVerifier(issuer=os.environ["SITE_ISSUER"], audience=os.environ["FRONTEGG_CLIENT_ID"])


async def _get() -> str:
    return (await awaited.tenants.get("t1")).name


def _use() -> dict[str, object]:
    """Make calls of each kind."""
    token = os.environ["SITE_TOKEN"]
    return {
        "blocking": blocking.tenants.get("t1").name,
        "listed": len(blocking.tenants.list(page_size=2).all()),
        "user": len(blocking.as_user(token).tenants.list().all()),
        "verified": verifier.verify(token).tenant_id,
        "process": os.getpid(),
    }


_use()
asyncio.run(_get())


def application(_: Mapping[str, object], start: Callable[[str, list[tuple[str, str]]], object]) -> Iterable[bytes]:
    """Answer with what the calls returned, and the process that made them."""
    try:
        status, answer = "200 OK", _use()
    except Exception as error:  # noqa: BLE001 - the test shows it
        status, answer = "500 Internal Server Error", {"error": repr(error)}
    start(status, [("Content-Type", "application/json")])
    return [json.dumps(answer).encode()]
