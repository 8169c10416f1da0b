"""The client: settings, views, `check()`, and its repr."""

from __future__ import annotations

import inspect
import logging
import platform
from typing import Any, Final

import aiohttp
import pytest

import frontegg_async
from frontegg_async import AsyncFrontegg, ConfigurationError, Options, Region
from frontegg_async.endpoints import GET_TENANT
from frontegg_async.errors import (
    AuthenticationError,
    ConnectionFailedError,
    FronteggError,
    InvalidArgumentError,
    RequestTimeoutError,
)
from tests.support.clients import make_client
from tests.support.raw_server import CLOSE, SILENCE, http, raw_server
from tests.support.tenants import tenant_row
from tests.support.variables import variables

OK = http(200, tenant_row())
ENVIRON = {"FRONTEGG_CLIENT_ID": "id", "FRONTEGG_SECRET_KEY": "secret"}


@pytest.mark.parametrize(
    ("changes", "base_url"),
    [
        ({}, "https://api.frontegg.com"),
        ({"FRONTEGG_REGION": "US"}, "https://api.us.frontegg.com"),
        ({"FRONTEGG_REGION": "uk"}, "https://api.uk.frontegg.com"),
        ({"FRONTEGG_REGION": "us", "FRONTEGG_BASE_URL": "https://own.example/p"}, "https://own.example/p"),
    ],
)
def test_from_env_reads_the_address(changes: dict[str, str], base_url: str) -> None:
    """The base URL wins over the region."""
    with variables(ENVIRON | changes):
        client = AsyncFrontegg.from_env()
    assert str(client.base_url) == base_url


@pytest.mark.parametrize("name", ["FRONTEGG_SECRET_KEY", "FRONTEGG_API_KEY", "FRONTEGG_SECRET"])
@pytest.mark.anyio
async def test_from_env_reads_the_secret_by_each_of_its_names(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Shipped clients use three."""
    async with raw_server(OK) as server:
        for variable, value in {
            "FRONTEGG_CLIENT_ID": "emu_client",
            name: "emu_s",
            "FRONTEGG_BASE_URL": server.url,
            "FRONTEGG_ENVIRONMENT_ID": "env-1",
        }.items():
            monkeypatch.setenv(variable, value)
        async with AsyncFrontegg.from_env() as client:
            await client.tenants.get("t1")
    assert server.authentications[0].json() == {"clientId": "emu_client", "secret": "emu_s"}
    assert server.requests[0].headers["frontegg-environment-id"] == "env-1"


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"FRONTEGG_CLIENT_ID": ""}, "FRONTEGG_CLIENT_ID"),
        ({"FRONTEGG_SECRET_KEY": ""}, "FRONTEGG_SECRET_KEY"),
        ({"FRONTEGG_SECRET_KEY": "a b"}, "FRONTEGG_SECRET_KEY"),
        ({"FRONTEGG_REGION": "mars"}, "FRONTEGG_REGION must be one of eu, us, ca, au, uk"),
        ({"FRONTEGG_BASE_URL": "ftp://x"}, "FRONTEGG_BASE_URL"),
        ({"FRONTEGG_BASE_URL": "http://example.com"}, "FRONTEGG_BASE_URL must be https"),
        ({"FRONTEGG_CLIENT_ID": "emu_client"}, "FRONTEGG_CLIENT_ID or its secret is a credential of an emulator"),
        ({"FRONTEGG_DOMAIN": "a.b.c"}, "FRONTEGG_DOMAIN"),
        ({"FRONTEGG_ENVIRONMENT_ID": "a\n"}, "FRONTEGG_ENVIRONMENT_ID"),
    ],
)
def test_from_env_names_what_is_wrong(changes: dict[str, str], named: str) -> None:
    """The variable is named, and a secret is not shown."""
    with variables(ENVIRON | changes), pytest.raises(ConfigurationError, match=named) as caught:
        AsyncFrontegg.from_env()
    assert "a b" not in str(caught.value)


_OF_VARIABLES: Final = {
    "FRONTEGG_CLIENT_ID": "id",
    "FRONTEGG_SECRET_KEY": "secret",
    "FRONTEGG_REGION": "us",
    "FRONTEGG_DOMAIN": "app-acme",
    "FRONTEGG_ENVIRONMENT_ID": "env-1",
}


@pytest.mark.parametrize(
    ("changes", "given", "expected"),
    [
        ({}, {}, ("https://api.us.frontegg.com", "app-acme.us", "env-1")),
        ({}, {"region": "ca"}, ("https://api.ca.frontegg.com", "app-acme.ca", "env-1")),
        ({}, {"domain": "app-own"}, ("https://api.us.frontegg.com", "app-own.us", "env-1")),
        ({}, {"environment_id": "env-2"}, ("https://api.us.frontegg.com", "app-acme.us", "env-2")),
        ({}, {"base_url": "https://own.example"}, ("https://own.example", "app-acme", "env-1")),
        (
            {"FRONTEGG_BASE_URL": "https://of.example"},
            {"base_url": "https://own.example"},
            ("https://own.example", "app-acme", "env-1"),
        ),
        (
            {"FRONTEGG_BASE_URL": "https://of.example"},
            {"region": "uk"},
            ("https://api.uk.frontegg.com", "app-acme.uk", "env-1"),
        ),
        ({"FRONTEGG_REGION": "mars"}, {"region": "uk"}, ("https://api.uk.frontegg.com", "app-acme.uk", "env-1")),
        (
            {"FRONTEGG_DOMAIN": "a.b.c", "FRONTEGG_ENVIRONMENT_ID": "\n"},
            {"domain": "app-own", "environment_id": "env-2"},
            ("https://api.us.frontegg.com", "app-own.us", "env-2"),
        ),
        (
            dict.fromkeys(_OF_VARIABLES, ""),
            {"client_id": "own", "secret": "own"},
            ("https://api.frontegg.com", None, None),
        ),
    ],
)
def test_arguments_win_over_variables(
    changes: dict[str, str], given: dict[str, Any], expected: tuple[str, str | None, str | None]
) -> None:
    """A malformed variable is then not read; a region replaces an address of the variables, too."""
    with variables(_OF_VARIABLES | changes):
        client = AsyncFrontegg.from_env(**given)
    domain = None if client.domain is None else client.domain.host.removesuffix(".frontegg.com")
    environment = client._context.headers.get("frontegg-environment-id")
    assert (str(client.base_url), domain, environment) == expected


@pytest.mark.anyio
async def test_the_credential_of_arguments_is_sent() -> None:
    """Also a secret that a function returns."""
    async with raw_server(OK) as server:
        with variables({"FRONTEGG_CLIENT_ID": "id", "FRONTEGG_SECRET_KEY": "of a variable", "FRONTEGG_REGION": "us"}):
            client = AsyncFrontegg.from_env(client_id="own", secret=lambda: "given", base_url=server.url)
        async with client:
            await client.tenants.get("t1")
    assert server.authentications[0].json() == {"clientId": "own", "secret": "given"}


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"client_id": ""}, "^client_id must"),
        ({"client_id": "emu_client"}, "^client_id or its secret is a credential of an emulator"),
        ({"secret": "a b"}, "^secret must"),
        ({"region": "mars"}, "^region must be one of"),
        ({"region": "ca", "domain": "app-acme.us"}, "^domain .* region"),
        ({"base_url": "http://example.com"}, "^base_url must be https"),
        ({"domain": "a.b.c"}, "^domain must"),
        ({"environment_id": "a\n"}, "^environment_id must"),
        ({"allow_http": "yes"}, "^allow_http must"),
    ],
)
def test_an_argument_of_from_env_is_named(given: dict[str, Any], named: str) -> None:
    """And not the variable that it replaces."""
    with variables(_OF_VARIABLES), pytest.raises(ConfigurationError, match=named) as caught:
        AsyncFrontegg.from_env(**given)
    assert "a b" not in str(caught.value)


def test_from_env_takes_what_the_constructor_takes() -> None:
    """Each of its parameters, by name."""
    of_constructor = inspect.signature(AsyncFrontegg).parameters

    assert list(inspect.signature(AsyncFrontegg.from_env).parameters) == list(of_constructor)


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"client_id": ""}, "client_id"),
        ({"client_id": 5}, "client_id"),
        ({"secret": "with space"}, "secret"),
        ({"secret": None}, "secret"),
        ({"region": "mars"}, "region must be one of eu, us, ca, au, uk"),
        ({"base_url": "http://example.com"}, "base_url must be https"),
        ({"base_url": "http://example.com", "client_id": "emu_x"}, "base_url must be https"),
        ({"base_url": "http://api.frontegg.com", "allow_http": True}, "base_url must be https"),
        ({"base_url": "https://user@example.com"}, "base_url"),
        ({"base_url": "https://example.com?x=1"}, "base_url"),
        ({"base_url": "https://example.com/p", "prefix": "/q"}, "prefix"),
        ({"prefix": "no-slash"}, "prefix"),
        ({"domain": "evil.example.com"}, "domain"),
        ({"client_id": "emu_client"}, "emulator"),
        ({"secret": "emu_secret"}, "emulator"),
        ({"client_id": "emu_c", "base_url": "http://emulator:80", "allow_http": True}, "base_url must be https"),
        ({"environment_id": "a b"}, "environment_id"),
        ({"max_connections": 0}, "max_connections"),
        ({"max_connections": True}, "max_connections"),
        ({"trust_env": "yes"}, "trust_env"),
        ({"allow_http": 1}, "allow_http"),
        ({"proxy": "socks5://x"}, "proxy"),
        ({"ssl": True}, "ssl"),
        ({"connector": object()}, "connector"),
        ({"options": {"timeout": 3}}, "options"),
        ({"app": "a\nb"}, "app"),
    ],
)
def test_a_bad_setting_is_named(settings: dict[str, object], named: str) -> None:
    """Before anything is opened or sent."""
    arguments: dict[str, object] = {"client_id": "id", "secret": "secret"} | settings
    client_id, secret = arguments.pop("client_id"), arguments.pop("secret")
    with pytest.raises(ConfigurationError, match=named):
        AsyncFrontegg(client_id, secret, **arguments)  # type: ignore[arg-type]  # that is the point


@pytest.mark.parametrize("region", list(Region))
def test_each_region_has_its_host(region: Region) -> None:
    """EU is the default and has no label."""
    host = "api.frontegg.com" if region is Region.EU else f"api.{region}.frontegg.com"
    assert str(AsyncFrontegg("id", "secret", region=region).base_url) == f"https://{host}"


def test_http_beyond_loopback_takes_two_keys() -> None:
    """Docker compose, with an emulator's credentials only."""
    client = AsyncFrontegg("emu_client", "emu_secret", base_url="http://emulator:8080", allow_http=True)
    assert str(client.base_url) == "http://emulator:8080"


def test_nothing_of_the_secret_shows() -> None:
    """Neither in the client nor in what hangs on it."""
    client = AsyncFrontegg("the-client-id", "the-secret")
    shown = repr((client, vars(client), vars(client._environment), vars(client._environment.context)))
    assert "the-secret" not in shown


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"timeout": -1}, "timeout"),
        ({"timeout": float("nan")}, "timeout"),
        ({"deadline": 0}, "deadline"),
        ({"deadline": True}, "deadline"),
        ({"max_retries": -1}, "max_retries"),
        ({"max_retries": 1.5}, "max_retries"),
        ({"headers": {"Authorization": "x"}}, "authorization"),
        ({"headers": {"frontegg-tenant-id": "x"}}, "frontegg-tenant-id"),
        ({"incomplete_listing": "ignore"}, "incomplete_listing"),
        ({"sorted_listings": "createdAt"}, "sorted_listings"),
    ],
)
def test_a_bad_option_is_named(options: dict[str, object], named: str) -> None:
    """For a view as for a client."""
    with pytest.raises(ConfigurationError, match=named):
        AsyncFrontegg("id", "secret").with_options(**options)  # type: ignore[arg-type]  # that is the point


@pytest.mark.anyio
async def test_a_view_shares_session_and_token() -> None:
    """Only the options differ; what a view does not say is the client's."""
    async with raw_server(OK) as server, make_client(server.url, options=Options(max_retries=5)) as client:
        view = client.with_options(timeout=2.0, headers={"x-team": "billing"})
        assert (view.options.timeout, view.options.max_retries) == (2.0, 5)
        await client.tenants.get("t1")
        await view.tenants.get("t1")
        await view.tenants.get("t1", options=Options(headers={"x-call": "1"}))
    assert len(server.authentications) == 1
    assert server.connections == 1
    teams = [request.headers.get("x-team") for request in server.requests]
    assert teams == [None, "billing", "billing"]
    assert server.requests[2].headers["x-call"] == "1"


@pytest.mark.anyio
async def test_options_of_a_call_must_be_options() -> None:
    """A mapping would be ignored silently elsewhere."""
    async with raw_server(OK) as server, make_client(server.url) as client:
        with pytest.raises(InvalidArgumentError, match="options"):
            await client.tenants.get("t1", options={"timeout": 1})  # type: ignore[arg-type]  # that is the point
    assert server.authentications == []


@pytest.mark.anyio
async def test_the_user_agent_has_the_application() -> None:
    """The service's people can tell who calls."""
    async with raw_server(OK) as server:
        client = AsyncFrontegg("emu_client", "emu_secret", base_url=server.url, app="billing/2.1")
        async with client:
            await client.tenants.get("t1")
    assert server.requests[0].headers["user-agent"] == (
        f"frontegg-async/{frontegg_async.__version__} python/{platform.python_version()} "
        f"aiohttp/{aiohttp.__version__} billing/2.1"
    )


@pytest.mark.anyio
async def test_check_says_what_works() -> None:
    """Host and life of the token."""
    async with raw_server(OK, expires_in=1234) as server, make_client(server.url) as client:
        found = await client.check()
        assert (found.base_url, found.region, found.expires_in) == (server.url, None, 1234)
        await client.check()
    assert len(server.authentications) == 2


@pytest.mark.anyio
async def test_check_names_what_is_wrong() -> None:
    """A refusal is not a host that cannot be reached."""
    async with raw_server(OK, auth=[http(401)]) as server, make_client(server.url) as client:
        with pytest.raises(AuthenticationError, match=f"{server.url} refused the client id or the secret"):
            await client.check()
    async with make_client(server.url) as client:
        with pytest.raises(ConnectionFailedError, match=f"no connection to {server.url}: the connection was refused"):
            await client.check()


@pytest.mark.anyio
async def test_check_takes_the_options_of_its_view() -> None:
    """A view with a short deadline does not wait as long as its client would."""
    async with raw_server(OK, auth=[SILENCE]) as server, make_client(server.url) as client:
        with pytest.raises(RequestTimeoutError, match=server.url) as caught:
            await client.with_options(timeout=0.05, max_retries=0).check()
    assert caught.value.attempts == 1


def test_a_refusal_names_the_region() -> None:
    """An environment of another region is refused in the same way."""
    client = AsyncFrontegg("id", "secret", region=Region.CA)
    assert client.base_url.place == ("https://api.ca.frontegg.com (region ca; other regions have other environments)")


@pytest.mark.anyio
async def test_logs_have_the_allowed_and_nothing_else(caplog: pytest.LogCaptureFixture) -> None:
    """Operation, method, template, status, attempt, time, trace id; no id, no body, no credential."""
    caplog.set_level(logging.DEBUG)
    failing = http(503, headers={"frontegg-trace-id": "c" * 32})
    row = tenant_row("canary-id", name="canary-name", metadata={"k": "canary-value"})
    async with raw_server(failing, http(200, row)) as server, make_client(server.url) as client:
        await client.tenants.update("canary-id", name="canary-name", metadata={"k": "canary-value"})
    text = "\n".join(str(vars(record)) + record.getMessage() for record in caplog.records if record.name != "asyncio")
    for secret in ("canary", "emu_", "token-1", "127.0.0.1"):
        assert secret not in text
    messages = [record.getMessage() for record in caplog.records if record.name == "frontegg_async"]
    assert any(
        "tenants.update PUT /tenants/resources/tenants/v2/{tenant_id} -> 503, attempt 1" in message
        and "c" * 32 in message
        for message in messages
    )
    assert any(message.startswith("tenants.update: resend after attempt 1 (status 503)") for message in messages)


@pytest.mark.anyio
async def test_no_frame_and_no_cause_of_an_error_holds_a_secret() -> None:
    """Whoever logs locals of tracebacks must not log tokens, bodies or exceptions of aiohttp."""
    async with raw_server(CLOSE) as server, make_client(server.url, secret="emu_canary") as client:
        with pytest.raises(FronteggError) as caught:
            await client.tenants.update("t1", metadata={"k": "canary-value"})
    error: BaseException | None = caught.value
    seen: list[str] = []
    while error is not None:
        assert type(error).__module__.startswith("frontegg_async")
        frame = error.__traceback__
        while frame is not None:
            if frame.tb_frame.f_globals["__name__"].startswith("frontegg_async."):
                public = frame.tb_frame.f_code.co_name == "update"
                values = {k: v for k, v in frame.tb_frame.f_locals.items() if not (public and k == "metadata")}
                seen.append(repr(values))
            frame = frame.tb_next
        error = error.__cause__ or error.__context__
    assert seen
    assert not [text for text in seen if "canary" in text or "token-1" in text]


def test_the_lazy_names_are_the_real_ones() -> None:
    """And an unknown one is an AttributeError."""
    from frontegg_async.client import AsyncFrontegg as Real

    assert frontegg_async.AsyncFrontegg is Real
    assert set(frontegg_async.__all__) <= set(dir(frontegg_async))
    with pytest.raises(AttributeError, match="no attribute 'Nothing'"):
        _ = frontegg_async.Nothing  # type: ignore[attr-defined]  # that is the point
    assert GET_TENANT.name == "tenants.get"
