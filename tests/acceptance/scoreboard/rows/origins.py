"""Rows 16 and 17: credentials stay at their origin, with hostile regions, domains and addresses, and with redirects."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import itertools
import os
import re
import ssl
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any, Final, cast
from urllib.parse import urlsplit

import attrs

from frontegg_async import (
    ApiToken,
    AsyncAccessTokenVerifier,
    AsyncFrontegg,
    AsyncFronteggUser,
    AsyncTokenVerifier,
    FronteggError,
    Options,
    Region,
    RotatingTokens,
)
from frontegg_async.endpoints import Auth, Endpoint
from tests.acceptance.scoreboard.row import Finding, Row, Setting
from tests.acceptance.scoreboard.rows.hostile_names import ADDRESSES, NAMES
from tests.acceptance.scoreboard.support.recorder import Seen, answer, recorder, user_token, with_token
from tests.support.certificate_authority import Authority
from tests.support.signing import claims, pem_of, rsa_key, sign

_LOOK: Final = 0.2
"""Seconds in which a client asks for its host at least once; what it waits for then is another try."""

_ONCE: Final = Options(max_retries=0, timeout=2.0, deadline=5.0)
_LABEL: Final = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_SERVICE: Final = re.compile(rf"(?:api|{_LABEL})(?:\.(?:us|ca|au|uk))?\.frontegg\.com")
_ADDRESS: Final = re.compile(
    r"https://[A-Za-z0-9._-]+(?::[0-9]+)?(?:/[A-Za-z0-9._~/-]*)?|https?://(?:127\.0\.0\.1|localhost|\[::1\])(?::[0-9]+)?/?"
)


class _StopError(OSError):
    """Stops a connection that would leave the machine."""


@attrs.define
class _Spy:
    """Records where this process tries to connect, and prevents the connection."""

    hosts: list[str] = attrs.field(factory=list)
    is_on: bool = False

    def hook(self, event: str, args: tuple[Any, ...]) -> None:
        """Take one event of the interpreter's audit."""
        if not self.is_on:
            return
        if event == "socket.getaddrinfo":
            host = args[0]
        elif event == "socket.connect" and isinstance(args[1], tuple):
            host = args[1][0]
        else:
            return
        self.hosts.append(host.decode("ascii", "replace") if isinstance(host, bytes) else str(host))
        raise _StopError


def _env(name: str, value: str) -> Callable[[], AsyncFrontegg]:
    """Return what makes a client by real environment variables."""

    def make() -> AsyncFrontegg:
        variables = {"FRONTEGG_CLIENT_ID": "id", "FRONTEGG_SECRET_KEY": "secret", name: value}
        try:
            os.environ.update(variables)
        except ValueError:
            # No process can have such a variable, so pass the value as an argument.
            given: dict[str, Any] = {name.removeprefix("FRONTEGG_").lower(): value}
            return AsyncFrontegg.from_env(client_id="id", secret="secret", options=_ONCE, **given)
        try:
            return AsyncFrontegg.from_env(options=_ONCE)
        finally:
            for each in variables:
                del os.environ[each]

    return make


Making = Callable[[], Any]


def _makings() -> Iterator[tuple[str, str, Making]]:
    """Yield a setting, what it is set to, and what makes a client with it."""
    for text in dict.fromkeys(NAMES):
        given = cast("Region", text)
        yield (
            "region",
            text,
            functools.partial(AsyncFrontegg, "id", "secret", region=given, options=_ONCE),
        )
        yield "FRONTEGG_REGION", text, _env("FRONTEGG_REGION", text)
        yield "domain", text, functools.partial(AsyncFrontegg, "id", "secret", domain=text, options=_ONCE)
        yield "FRONTEGG_DOMAIN", text, _env("FRONTEGG_DOMAIN", text)
        yield (
            "user's domain",
            text,
            functools.partial(AsyncFronteggUser, domain=text, token=user_token(), options=_ONCE),
        )
        yield "verifier's domain", text, functools.partial(AsyncTokenVerifier, audience="a", domain=text)
    for text in dict.fromkeys((*ADDRESSES, *(f"https://{name}" for name in NAMES))):
        yield "base_url", text, functools.partial(AsyncFrontegg, "id", "secret", base_url=text, options=_ONCE)
        yield "FRONTEGG_BASE_URL", text, _env("FRONTEGG_BASE_URL", text)
        yield (
            "user's base_url",
            text,
            functools.partial(AsyncFronteggUser, base_url=text, token=user_token(), options=_ONCE),
        )
        yield (
            "jwks_url",
            text,
            functools.partial(
                AsyncTokenVerifier, audience="a", issuer="https://issuer.example", jwks_url=f"{text}/jwks.json"
            ),
        )


async def _use(client: AsyncFrontegg | AsyncFronteggUser | AsyncTokenVerifier, name: str) -> None:
    if isinstance(client, AsyncFrontegg) and "domain" in name.lower():
        await client.as_user(user_token()).tenants.list().all()
    elif isinstance(client, AsyncFrontegg):
        await client.tenants.get("t")
    elif isinstance(client, AsyncFronteggUser):
        await client.tenants.list().all()
    else:
        await client.check()


def _may_connect(setting: str, text: str, host: str) -> bool:
    """Return whether a host is what a setting says, by readings of its own."""
    if "url" not in setting.lower():
        return _SERVICE.fullmatch(host) is not None
    if not _ADDRESS.fullmatch(text):
        return False
    return host == urlsplit(text).hostname


async def measure_origins(setting: Setting) -> Finding:
    """Use each client that can be constructed, and record where it tries to connect."""
    del setting  # nothing in it is random
    spy = _Spy()
    sys.addaudithook(spy.hook)
    tried = made = 0
    wrong: list[str] = []
    hosts: set[str] = set()
    for name, text, make in _makings():
        tried += 1
        spy.hosts.clear()
        spy.is_on = True
        try:
            client = make()
            made += 1
            with contextlib.suppress(FronteggError, TimeoutError):
                async with asyncio.timeout(_LOOK):
                    await _use(client, name)
            await client.aclose()
        except FronteggError:
            pass
        except Exception as error:  # noqa: BLE001 - every one is a finding
            wrong.append(f"{name}={text!r}: {type(error).__name__}")
        spy.is_on = False
        hosts.update(spy.hosts)
        wrong += [f"{name}={text!r} connects to {host}" for host in spy.hosts if not _may_connect(name, text, host)]
    return Finding(
        figure=f"{tried} settings with {len({*NAMES, *ADDRESSES})} hostile texts, also by environment variables: "
        f"{made} clients constructed, {len(hosts)} hosts looked up, {len(wrong)} connections outside the allow list",
        passed=not wrong and bool(hosts),
        details=tuple(wrong[:20]),
    )


_CODES: Final = (301, 302, 303, 307, 308)
_METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE")
_SECRET: Final = "canary-secret"
_ELSEWHERE: Final = "/elsewhere"


def _endpoint(method: str, auth: Auth) -> Endpoint[object]:
    body = None if method in ("GET", "DELETE") else object
    return Endpoint(name="any", method=method, path="/any", auth=auth, returns=object, body=body)


def _body(method: str) -> object:
    return None if method in ("GET", "DELETE") else {"password": _SECRET}


Calls = Iterator[tuple[str, Awaitable[object]]]


async def _calls(url: str, context: ssl.SSLContext) -> AsyncIterator[tuple[str, Callable[[], Awaitable[object]]]]:
    """Yield a call with each kind of credential, and each method where it may have any."""
    made: dict[str, Any] = {"ssl": context, "options": _ONCE, "base_url": url}
    jwt = user_token(_SECRET)
    async with AsyncFrontegg("id", _SECRET, **made) as client, AsyncFronteggUser(token=jwt, **made) as user:
        for method in _METHODS:
            for kind, sender, auth in (("vendor token", client, Auth.ENVIRONMENT), ("user's token", user, Auth.USER)):
                yield (
                    f"{kind}, {method}",
                    functools.partial(sender.send, _endpoint(method, auth), body=_body(method)),
                )
        # Sign the token, so that the verifier looks the token up.
        verifier = AsyncAccessTokenVerifier(client, public_key=pem_of(rsa_key()))
        access_token = sign(claims(type="tenantAccessToken", sub="k", exp=None, iat=0))
        yield "access token", lambda: verifier.verify(access_token)
    for version, renewal in itertools.product((1, 2), ("exchange", "refresh")):
        credential = ApiToken(_SECRET, _SECRET, version=version, renewal=renewal)  # type: ignore[arg-type]  # of a product
        async with AsyncFronteggUser(credential=credential, **made) as session:
            yield f"API token of version {version}, {renewal}", session.tenants.list().all
    async with AsyncFronteggUser(credential=RotatingTokens(refresh_token=_SECRET), **made) as session:
        yield "refresh token", session.tenants.list().all
    verifier_of_jwt = AsyncTokenVerifier(audience="a", issuer=url, jwks_url=f"{url}/jwks.json", ssl=context)
    async with verifier_of_jwt:
        yield "keys", verifier_of_jwt.check


async def _vendor_secret(url: str, context: ssl.SSLContext) -> None:
    async with AsyncFrontegg("id", _SECRET, base_url=url, ssl=context, options=_ONCE) as client:
        await client.check()


@attrs.define
class _Redirects:
    """Responses of the first server: redirects, for authentications too if chosen."""

    code: int = 301
    target: str = ""
    authenticates: bool = True

    def answer(self, seen: Seen) -> bytes:
        """Return the redirect."""
        redirect = answer(self.code, {}, f"Location: {self.target}")
        if not self.authenticates:
            return redirect
        return with_token(lambda _: redirect)(seen)


async def measure_redirects(setting: Setting) -> Finding:
    """Redirect calls with every kind of credential, and record what the second server receives."""
    del setting  # nothing in it is random
    authority = Authority()
    redirects = _Redirects()
    cells = followed = 0
    wrong: list[str] = []
    context = authority.client()
    async with (
        recorder(redirects.answer, ssl=authority.server("127.0.0.1")) as first,
        recorder(lambda _: answer(200, {}), ssl=authority.server("127.0.0.1")) as other,
        recorder(lambda _: answer(200, {})) as plain,
    ):
        targets = {
            "other host": f"{other.url}{_ELSEWHERE}",
            "same host": _ELSEWHERE,
            "http": f"{plain.url}{_ELSEWHERE}",
        }
        for code, (place, target) in itertools.product(_CODES, targets.items()):
            redirects.code, redirects.target, redirects.authenticates = code, target, True
            async for name, call in _calls(first.url, context):
                cells += 1
                if not await _is_refused(call):
                    wrong.append(f"{name}, {code} to {place}: it did not fail")
                followed += sum(each.target.startswith(_ELSEWHERE) for each in first.take())
            redirects.authenticates = False
            cells += 1
            if not await _is_refused(lambda: _vendor_secret(first.url, context)):
                wrong.append(f"vendor secret, {code} to {place}: it did not fail")
            followed += sum(each.target.startswith(_ELSEWHERE) for each in first.take())
        leaked = len(other.bytes_received) + len(plain.bytes_received)
        reached = other.connections + plain.connections
    return Finding(
        figure=f"{cells} redirected calls: {reached} connections and {leaked} bytes at other servers, "
        f"{followed} redirects followed on the first one, {len(wrong)} without an error",
        passed=not (leaked or reached or followed or wrong),
        details=tuple(wrong[:20]),
    )


async def _is_refused(call: Callable[[], Awaitable[object]]) -> bool:
    try:
        await call()
    except FronteggError:
        return True
    return False


ROWS: Final = (
    Row(
        number=16,
        name="hostile-origins",
        title="hostile regions, domains and base URLs",
        target="connections outside the allow list 0 (seen by an audit hook)",
        measure=measure_origins,
        starred=True,
    ),
    Row(
        number=17,
        name="redirects",
        title="redirects: 5 codes, 3 targets, 5 methods, every kind of credential",
        target="credential bytes at the second server 0",
        measure=measure_redirects,
        starred=True,
    ),
)
