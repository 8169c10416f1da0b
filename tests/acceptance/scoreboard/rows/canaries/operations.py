"""Every public operation of both packages with canaries for arguments, and settings that clients refuse."""

from __future__ import annotations

import asyncio
import functools
import inspect
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any, Final

import frontegg_async
from frontegg_async import ApiToken, Options, RotatingTokens
from tests.acceptance.scoreboard.rows.canaries.values import ARGUMENTS, CLIENT_ID, ONCE, OPTIONAL, SECRET
from tests.acceptance.scoreboard.support.recorder import user_token

_NO_OPERATIONS: Final = frozenset(
    {"as_user", "for_tenant", "from_env", "with_options", "send", "check", "aclose", "close", "reset_auth", "wait"}
)


def _given(parameter: inspect.Parameter) -> object:
    if parameter.name in ARGUMENTS:
        return ARGUMENTS[parameter.name]
    kind = str(parameter.annotation)
    return ["t"] if kind.startswith(("Sequence", "list")) else True if kind.startswith("bool") else "t"


def operations_of(client: object, place: str) -> Iterator[tuple[str, Callable[[], Any]]]:
    """Yield every public operation, with canaries for arguments."""
    for name in dir(client):
        if name.startswith("_") or name in _NO_OPERATIONS:
            continue
        member: Any = getattr(client, name)
        if ".resources." in type(member).__module__:
            yield from operations_of(member, f"{place}.{name}")
        elif inspect.ismethod(member):
            parameters = inspect.signature(member).parameters.values()
            given = {
                each.name: _given(each)
                for each in parameters
                if each.default is inspect.Parameter.empty or each.name in OPTIONAL
            }
            yield f"{place}.{name}", functools.partial(member, **given)


async def make(package: ModuleType, call: Callable[[], Any]) -> object:
    """Make a call in either package, and read listings to their end."""
    if package is frontegg_async:
        result = call()
        if inspect.iscoroutine(result):
            return await result
        return await result.all() if hasattr(result, "all") else result

    def block() -> object:
        result = call()
        return result.all() if hasattr(result, "all") else result

    return await asyncio.to_thread(block)


def make_clients(package: ModuleType, url: str) -> tuple[Any, dict[str, Any]]:
    """Return a management client and the views and clients of users, each with canaries for credentials."""
    names = ("AsyncFrontegg", "AsyncFronteggUser") if package is frontegg_async else ("Frontegg", "FronteggUser")
    management, self_service = (getattr(package, name) for name in names)
    jwt = user_token("canary")
    client = management(CLIENT_ID, SECRET, base_url=url, options=ONCE)
    made = {"base_url": url, "options": ONCE}
    return client, {
        "client": client,
        "view": client.for_tenant("t"),
        "user": client.as_user(jwt),
        "user by a function": client.as_user(lambda: jwt),
        "session": self_service(credential=RotatingTokens(refresh_token=SECRET, access_token=None), **made),
        "API token": self_service(credential=ApiToken("t", SECRET), **made),
        "proxied": management(
            CLIENT_ID, SECRET, base_url=url, options=Options(max_retries=0), proxy=f"http://u:{SECRET}@127.0.0.1:1"
        ),
    }


def _with_address(make: Callable[..., object], place: str, **others: str) -> Callable[[], object]:
    """Return a call with a password in an address."""
    return lambda: make(**others, **{place: f"https://u:{SECRET}@host.example"})


def refused_settings(package: ModuleType) -> Iterator[tuple[str, Callable[[], object]]]:
    """Yield what makes clients with a credential and something wrong."""
    prefix = "Async" if package is frontegg_async else ""
    names = ("Frontegg", "FronteggUser", "TokenVerifier")
    management, self_service, verifier = (getattr(package, f"{prefix}{name}") for name in names)
    proxy = f"http://u:{SECRET}@127.0.0.1:1"
    yield "secret", lambda: management("id", f"{SECRET} ")
    yield "proxy", lambda: management("id", SECRET, proxy=f"{proxy}/path")
    yield "other setting", lambda: management("id", SECRET, proxy=proxy, max_connections=0)
    yield "from_env", lambda: management.from_env(client_id="", proxy=proxy)
    for place in ("base_url", "domain"):
        yield place, _with_address(management, place, client_id="id", secret="secret")
        yield f"user's {place}", _with_address(self_service, place, token=user_token("canary"))
    for place in ("domain", "issuer"):
        yield f"verifier's {place}", _with_address(verifier, place, audience="a")
    yield "user", lambda: self_service(base_url="http://x.example", token=user_token("canary"), proxy=proxy)
    yield (
        "user's proxy",
        lambda: self_service(domain="acme", token=user_token("canary"), proxy=proxy, max_connections=0),
    )
    yield (
        "verifier",
        lambda: verifier(audience="a", domain="acme", secret=SECRET * 4, proxy=proxy, leeway=-1),
    )
