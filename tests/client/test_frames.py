"""Error reporters find no secret and no token in the frames of either package."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import inspect
import traceback
from collections.abc import Callable
from typing import Any, Final, cast

import pytest

import frontegg_async
import frontegg_sync
from frontegg_async import (
    ApiToken,
    ConfigurationError,
    FronteggError,
    InvalidArgumentError,
    Page,
    Response,
    RotatingTokens,
    Secret,
)
from frontegg_async.endpoints.tenants import ADD_METADATA as ADD
from frontegg_async.models import NewTenantApiToken, SsoConfiguration, SsoType
from frontegg_async.options import ResolvedOptions
from tests.support.jwts import make_jwt
from tests.support.raw_server import RESET, http, raw_server
from tests.support.variables import variables

pytestmark = pytest.mark.anyio

CANARY: Final = "canary7f3a9c"
ADDRESS: Final = f"https://user:{CANARY}@host.example"
VENDOR: Final = make_jwt(CANARY, type="vendor")
USER: Final = make_jwt(CANARY)
FLAVOURS: Final[dict[str, Any]] = {"async": frontegg_async, "blocking": frontegg_sync}


def _frames(error: BaseException) -> str:
    """Return what the frames of our packages show of their locals."""
    shown: list[str] = []
    seen: list[BaseException] = []
    pending: list[BaseException | None] = [error]
    while pending:
        each = pending.pop()
        if each is None or each in seen:
            continue
        seen.append(each)
        pending += [each.__cause__, each.__context__]
        for frame, _ in traceback.walk_tb(each.__traceback__):
            if str(frame.f_globals["__name__"]).startswith("frontegg_"):
                for name, value in frame.f_locals.items():
                    with contextlib.suppress(AttributeError):  # of a client that is not made yet
                        shown.append(f"{frame.f_code.co_qualname} {name}={value!r}")
    return "\n".join(line for line in shown if CANARY in line)


def _client(package: Any, **settings: Any) -> Any:
    found = getattr(package, "AsyncFrontegg", None) or package.Frontegg
    return found(**{"client_id": "emu_id", "secret": "emu_secret", **settings})


def _user(package: Any, **settings: Any) -> Any:
    found = getattr(package, "AsyncFronteggUser", None) or package.FronteggUser
    return found(**{"base_url": "http://127.0.0.1:1", **settings})


def of_package(package: Any, name: str) -> Any:
    """Return a class of a package, by its name in the blocking one."""
    return getattr(package, f"Async{name}" if package is frontegg_async else name)


def _verifier(package: Any, **settings: Any) -> Any:
    return of_package(package, "TokenVerifier")(**{"audience": "me", "issuer": "https://issuer.example", **settings})


def _of_variables(package: Any, **changes: str) -> Any:
    given = {"FRONTEGG_CLIENT_ID": "id", "FRONTEGG_SECRET_KEY": CANARY, **changes}
    with variables(given):
        return of_package(package, "Frontegg").from_env()


def _from_env(name: str, value: str, package: Any, **more: str) -> object:
    with variables({"FRONTEGG_CLIENT_ID": "id", "FRONTEGG_SECRET_KEY": CANARY}):
        return of_package(package, "Frontegg").from_env(**{name: value}, **more)


def _given(make: Callable[..., object], name: str, value: str, package: Any) -> object:
    others: dict[str, Any] = {"issuer": None} if (make, name) == (_verifier, "domain") else {}
    if make is _user:
        others = {"base_url": None, "token": USER}
    return make(package, **{**others, name: value})


MADE: Final[dict[str, Callable[[Any], object]]] = {
    "client, secret": lambda package: _client(package, secret=f"{CANARY} with a space"),
    "client, token as secret": lambda package: _client(package, secret=make_jwt(CANARY)),
    "client, other setting": lambda package: _client(package, secret=CANARY, region="mars"),
    "as_user, vendor token": lambda package: _client(package, domain="acme").as_user(VENDOR),
    "as_user, no domain": lambda package: _client(package, client_id="id", secret="s").as_user(USER),
    "user, no token": lambda package: _user(package, token=CANARY),
    "user, vendor token": lambda package: _user(package, token=VENDOR),
    "user, address": lambda package: _user(package, base_url="http://x.example", token=USER),
    "user, other setting": lambda package: _user(package, token=USER, max_connections=0),
    "user, access token": lambda package: _user(
        package, credential=RotatingTokens(refresh_token=CANARY, access_token=VENDOR)
    ),
    "options, verifier": lambda package: package.Options(
        headers={"X-Frontegg-Headers-Verifier": CANARY, "authorization": "x"}
    ),
    "options, bad verifier": lambda package: package.Options(headers={"x-frontegg-headers-verifier": f"{CANARY}\n"}),
    "options, verifier as bytes": lambda package: package.Options(
        headers={"x-frontegg-headers-verifier": CANARY.encode()}
    ),
    "options, header": lambda package: package.Options(headers={"x-a": f"{CANARY}\n"}),
    "options, other header": lambda package: package.Options(headers={"x-a": CANARY, "authorization": "x"}),
    "options, other setting than headers": lambda package: package.Options(headers={"x-a": CANARY}, timeout=0),
    "resolved options, header": lambda _: ResolvedOptions(headers={"x-a": f"{CANARY}\n"}),
    "options, no headers": lambda package: package.Options(headers=CANARY),
    "client view, header": lambda package: _client(package).with_options(headers={"x-a": f"{CANARY}\n"}),
    "variables, region": lambda package: _of_variables(package, FRONTEGG_REGION="mars"),
    "variables, secret": lambda package: _of_variables(package, FRONTEGG_SECRET_KEY=f"{CANARY} "),
    "variables, another name": lambda package: _of_variables(package, FRONTEGG_CLIENT_ID=""),
    "a model, other field": lambda _: NewTenantApiToken.from_dict({"client_id": 5, "secret": CANARY}),
    "a model, secret": lambda _: SsoConfiguration.from_dict({"id": "c", "oidc_secret": [CANARY]}),
    "a model, unknown key": lambda _: NewTenantApiToken.from_dict({"client_id": "c", "metadata": {"a": {CANARY}}}),
    "what is revealed": lambda _: NewTenantApiToken(
        client_id="c", secret=Secret(CANARY), extra={"a": cast("Any", object())}, metadata={"b": cast("Any", object())}
    ).to_json(reveal=["secret"]),
    "what is revealed, in a response": lambda _: Response[Any](
        value=[
            Secret(CANARY),
            object(),
            NewTenantApiToken(client_id="c", extra={"a": cast("Any", object())}, secret=Secret(CANARY)),
        ],
        status=1,
        headers={},
        trace_id=None,
        attempts=1,
        elapsed=1,
    ).to_dict(reveal=["secret"]),
    "a page": lambda _: Page.from_dict({"items": [{"secret": CANARY}], "total": 1}, NewTenantApiToken),
    "a response": lambda _: Response.from_dict({"value": {"secret": CANARY}}, NewTenantApiToken),
    "verifier as bytes": lambda package: package.client_ip_headers(
        "1.2.3.4", verifier=CANARY.encode(), vendor_id="v", app_id="a"
    ),
    "options, other setting than the verifier": lambda package: package.Options(
        headers={"x-frontegg-headers-verifier": CANARY}, timeout=0
    ),
    "client view, verifier": lambda package: _client(package).with_options(
        headers={"x-frontegg-headers-verifier": CANARY, "frontegg-tenant-id": "x"}
    ),
    "user view, verifier": lambda package: _user(package, token=make_jwt("x")).with_options(
        headers={"x-frontegg-headers-verifier": CANARY}, max_retries=-1
    ),
    "caller's address": lambda package: package.client_ip_headers("1.2.3", verifier=CANARY, vendor_id="v", app_id="a"),
    "bad verifier": lambda package: package.client_ip_headers(
        "1.2.3.4", verifier=f"{CANARY} ", vendor_id="v", app_id="a"
    ),
    "bad vendor": lambda package: package.client_ip_headers("1.2.3.4", verifier=CANARY, vendor_id="", app_id="a"),
    "client, proxy": lambda package: _client(package, proxy=f"http://u:{CANARY}@x/path"),
    "client, other setting than the proxy": lambda package: _client(
        package, proxy=f"http://u:{CANARY}@x", max_connections=0
    ),
    **{
        f"from_env, {name}": functools.partial(_from_env, name, value)
        for name, value in (
            ("secret", f"{CANARY} with a space"),
            ("base_url", ADDRESS),
            ("domain", ADDRESS),
            ("proxy", f"http://u:{CANARY}@x/path"),
        )
    },
    "from_env, other setting": lambda package: _from_env("secret", CANARY, package, region="mars"),
    "user, proxy": lambda package: _user(package, token=USER, proxy=f"http://u:{CANARY}@x", max_connections=0),
    "verifier, proxy": lambda package: _verifier(package, proxy=f"http://u:{CANARY}@x", leeway=-1),
    "API token, secret": lambda _: ApiToken("id", f"{CANARY} "),
    "API token, id": lambda _: ApiToken("i d", CANARY),
    "API token, version": lambda _: ApiToken("id", CANARY, version=3),  # type: ignore[arg-type]  # that is the point
    "API token, address": lambda package: _user(package, domain="acme", credential=ApiToken("id", f"emu_{CANARY}")),
    "pair, refresh token": lambda _: RotatingTokens(refresh_token=f"{CANARY} "),
    "pair, access token": lambda _: RotatingTokens(refresh_token=CANARY, access_token=f"{CANARY} "),
    "pair, host": lambda _: RotatingTokens(refresh_token=CANARY, access_token=USER, vendor_host="a b"),
    "verifier, secret": lambda package: _verifier(package, secret=CANARY),
    **{
        f"{place}, {name} with a password": functools.partial(_given, make, name, ADDRESS)
        for place, make, names in (
            ("client", _client, ("base_url", "domain")),
            ("user", _user, ("base_url", "domain")),
            ("verifier", _verifier, ("issuer", "domain", "jwks_url", "public_key")),
            ("variables", _of_variables, ("FRONTEGG_BASE_URL", "FRONTEGG_DOMAIN")),
        )
        for name in names
    },
    "client, other setting than the address": lambda package: _client(package, base_url=ADDRESS, max_connections=0),
    "user, other setting than the address": lambda package: _user(
        package, base_url=ADDRESS, token=USER, max_connections=0
    ),
    "verifier, other setting than the address": lambda package: _verifier(package, jwks_url=ADDRESS, leeway=-1),
    "access verifier, issuer": lambda package: of_package(package, "AccessTokenVerifier")(
        _client(package, domain="acme"), issuer=f"{ADDRESS} ", leeway=-1
    ),
    "access verifier, key": lambda package: of_package(package, "AccessTokenVerifier")(
        _client(package, domain="acme"), public_key=CANARY
    ),
    "verifier, other setting": lambda package: _verifier(package, secret=CANARY * 4, leeway=-1),
}


@pytest.mark.parametrize("package", FLAVOURS.values(), ids=list(FLAVOURS))
@pytest.mark.parametrize("make", MADE.values(), ids=list(MADE))
def test_what_is_refused_is_not_kept(make: Callable[[Any], object], package: Any) -> None:
    """When something is made with a credential and a setting is wrong, be it the credential or another."""
    with pytest.raises((ConfigurationError, InvalidArgumentError)) as caught:
        make(package)
    assert _frames(caught.value) == ""


async def _async_token() -> str:
    return VENDOR


def _saml(client: Any, **given: Any) -> Any:
    fields = {"type": SsoType.OIDC, "oidc_secret": CANARY, "idp_client_secret": CANARY, **given}
    return client.sso.create("t1", **fields)


def _closed(verifier: Any, ask: Callable[[Any], object]) -> object:
    """Ask a verifier that is closed."""

    async def close_and_ask() -> object:
        await verifier.aclose()
        return await ask(verifier)  # type: ignore[misc]  # of the flavour that is awaited

    if hasattr(verifier, "aclose"):
        return close_and_ask()
    verifier.close()
    return ask(verifier)


CALLS: Final[dict[str, Callable[[Any, Any], object]]] = {
    "a function's token": lambda _, client: client.as_user(lambda: VENDOR).hierarchy.tree(),
    "an async function's token": lambda _, client: client.as_user(_async_token).tenants.list().all(),
    "a function's token, pinned": lambda _, client: client.as_user(lambda: CANARY).tenant.delete_current(
        confirm_tenant_id="t1"
    ),
    "another tenant": lambda _, client: client.as_user(USER).tenant.delete_current(confirm_tenant_id="t2"),
    "a user's call": lambda _, client: client.as_user(USER).hierarchy.tree(),
    "SSO": lambda _, client: _saml(client),
    "SSO of a view": lambda _, client: client.for_tenant("t1").sso.update("c1", oidc_secret=CANARY),
    "SSO of a user": lambda _, client: client.as_user(USER).sso.update("c1", idp_client_secret=CANARY),
    "SSO, other argument": lambda _, client: _saml(client, sso_endpoint="nowhere"),
    "a token to verify": lambda package, _: _verifier(package).verify(USER),
    "a header to verify": lambda package, _: _verifier(package).verify_header(f"Bearer {USER}"),
    "a header that is none": lambda package, _: _verifier(package).verify_header(f"Basic {CANARY}"),
    "an access token": lambda package, client: of_package(package, "AccessTokenVerifier")(client).verify(USER),
    "an access token that is none": lambda package, client: of_package(package, "AccessTokenVerifier")(client).verify(
        CANARY
    ),
    "an access token, as claims": lambda package, client: of_package(package, "AccessTokenVerifier")(
        client
    ).verify_claims(USER),
    "a token to verify, closed": lambda package, _: _closed(_verifier(package), lambda it: it.verify(USER)),
    "a header to verify, closed": lambda package, _: _closed(
        _verifier(package), lambda it: it.verify_header(f"Bearer {USER}")
    ),
    "an access token, closed": lambda package, client: _closed(
        of_package(package, "AccessTokenVerifier")(client), lambda it: it.verify(USER)
    ),
    "an access token, other type": lambda package, client: of_package(package, "AccessTokenVerifier")(client).verify(
        USER, type="x"
    ),
    "a secret of access tokens": lambda package, client: of_package(package, "AccessTokenVerifier")(
        client, secret=f"{CANARY} a"
    ).verify(USER),
}


@pytest.mark.each_python
@pytest.mark.parametrize("package", FLAVOURS.values(), ids=list(FLAVOURS))
@pytest.mark.parametrize("call", CALLS.values(), ids=list(CALLS))
async def test_what_a_call_takes_is_not_kept(call: Callable[[Any, Any], Any], package: Any) -> None:
    """When a call fails, the frames between the caller and the wire have no secret."""
    async with raw_server(RESET, http(403, {"errors": ["no"]})) as server:
        client = _client(package, base_url=server.url)
        with pytest.raises(FronteggError) as caught:
            await _made(call, package, client)
        closing = client.aclose() if hasattr(client, "aclose") else client.close()
        if inspect.isawaitable(closing):
            await closing
    assert _frames(caught.value) == ""


async def _made(call: Callable[[Any, Any], Any], package: Any, client: Any) -> None:
    """Make a call; a blocking one in a thread, since the server is served by this loop."""
    if package is frontegg_async:
        await call(package, client)
    else:
        await asyncio.to_thread(call, package, client)


CODES: Final[dict[str, Callable[[Any], object]]] = {
    "of an address": lambda profile: profile.emails.verify(email="a@b.example", code=CANARY),
    "of an address that is none": lambda profile: profile.emails.verify(email="a", code=CANARY),
    "of another address": lambda profile: profile.emails.confirm_change(email="a@b.example", code=CANARY),
    "of a number": lambda profile: profile.phone_numbers.verify(otc_token=CANARY, code=CANARY),
    "without a token": lambda profile: profile.phone_numbers.verify(otc_token="", code=CANARY),
    "as bytes": lambda profile: profile.phone_numbers.verify(otc_token=CANARY.encode(), code=CANARY),
    "of a removal": lambda profile: profile.phone_numbers.confirm_removal("p", otc_token=CANARY, code=CANARY),
    "of no number": lambda profile: profile.phone_numbers.confirm_removal("..", otc_token=CANARY, code=CANARY),
}


@pytest.mark.parametrize("package", FLAVOURS.values(), ids=list(FLAVOURS))
@pytest.mark.parametrize("call", CODES.values(), ids=list(CODES))
async def test_codes_are_not_kept(call: Callable[[Any], Any], package: Any) -> None:
    """Nor their tokens: when a call of a user fails, be it before it is sent or by the service."""
    async with raw_server(http(400, {"errors": ["no"]})) as server:
        user = _user(package, base_url=server.url, token=make_jwt("x"))
        with pytest.raises(FronteggError) as caught:
            await _made(lambda _, it: call(it.profile), package, user)
        closing = user.aclose() if hasattr(user, "aclose") else user.close()
        if inspect.isawaitable(closing):
            await closing
    assert _frames(caught.value) == ""


PERSONAL: Final[dict[str, Callable[[Any], object]]] = {
    "a filter": lambda client: client.tenants.list(filter=CANARY).all(),
    "an address in a path": lambda client: client.sso.excluded_emails.remove(f"{CANARY}@example.com"),
    "a body of another operation": lambda client: client.send(ADD, path={"tenant_id": "t1"}, body={"a": CANARY}),
    "a value that JSON cannot hold": lambda client: client.tenants.add_metadata("t1", {"a": CANARY, "b": object()}),
    "a body that JSON cannot hold": lambda client: client.send(ADD, path={"tenant_id": "t1"}, body=[CANARY, object()]),
    "another type": lambda client: client.sso.create_from_metadata("t1", metadata={"a": CANARY}),
}


@pytest.mark.parametrize("call", PERSONAL.values(), ids=list(PERSONAL))
async def test_what_may_be_personal_is_not_kept(call: Callable[[Any], Any]) -> None:
    """But by the frame of the method that was called."""
    async with (
        raw_server(http(403, {"errors": ["no"]})) as server,
        _client(frontegg_async, base_url=server.url) as client,
    ):
        with pytest.raises(FronteggError) as caught:
            await call(client)
    kept = [
        line
        for line in _frames(caught.value).splitlines()
        if not line.startswith(("Async", "EnvironmentCalls", "SsoById", "SsoConfigurations"))
    ]
    assert kept == []
