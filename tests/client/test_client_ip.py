"""Headers with the IP address of the caller of a backend: where they are set, sent and hidden."""

from __future__ import annotations

import copy
import inspect
import ipaddress
import logging
import pickle
from typing import Any, Final

import pytest

import frontegg_async
import frontegg_sync
from frontegg_async import AsyncFronteggUser, InvalidArgumentError, NotFoundError, Options, Secret, client_ip_headers
from frontegg_async.emulator import EmulatorHandle
from frontegg_async.endpoints.tenants import GET
from frontegg_async.options import merge_options
from frontegg_sync import FronteggUser
from tests.support.flavours import FLAVOURS, do
from tests.support.raw_server import http, raw_server
from tests.support.tenants import tenant_row

pytestmark = pytest.mark.anyio

CANARY: Final = "canary-5b1f"
VERIFIER: Final = "x-frontegg-headers-verifier"
PLAIN: Final = {
    "X-Frontegg-Headers-Verifier": CANARY,
    "X-FRONTEGG-FORWARDED-FOR": "192.0.2.7",
    "Frontegg-Vendor-Id": "vendor",
    "frontegg-application-id": "app",
}
SENT: Final = {name.lower(): value for name, value in PLAIN.items()}


def _headers() -> Any:
    return client_ip_headers("192.0.2.7", verifier=CANARY, vendor_id="vendor", app_id="app")


def _client(flavour: str, url: str, **more: Any) -> Any:
    package: Any = frontegg_sync if flavour == "blocking" else frontegg_async
    made = package.Frontegg if flavour == "blocking" else package.AsyncFrontegg
    return made("emu_client", "emu_secret", base_url=url, **more)


async def _close(client: Any) -> None:
    await do(client.close if hasattr(client, "close") else client.aclose)


@pytest.mark.parametrize("flavour", FLAVOURS)
@pytest.mark.parametrize("level", ["client", "view", "call"])
@pytest.mark.parametrize("given", [PLAIN, _headers()], ids=["plain", "helper"])
async def test_all_four_are_sent(flavour: str, level: str, given: Any) -> None:
    """From the client, from a view of it and from a single call, with the tokens of the first only."""
    async with raw_server(http(200, tenant_row())) as server:
        client = _client(flavour, server.url, options=Options(headers=given if level == "client" else None))
        view = client.with_options(headers=given) if level == "view" else client
        options = Options(headers=given) if level == "call" else None
        await _run(view.tenants.get, "t1", options=options)
        await _run(view.send, GET, path={"tenant_id": "t1"}, options=options)
        await _close(client)
    for request in server.requests:
        assert {name: request.headers.get(name) for name in SENT} == SENT
        assert request.headers["authorization"] == "Bearer token-1"
    (authentication,) = server.authentications
    assert (VERIFIER in authentication.headers) is (level == "client")


async def _run(method: Any, *arguments: Any, **options: Any) -> Any:
    """Call a method of either flavour, without holding the loop that serves it up."""
    import anyio.to_thread

    if inspect.iscoroutinefunction(method):
        return await method(*arguments, **options)
    return await anyio.to_thread.run_sync(lambda: method(*arguments, **options))


@pytest.mark.parametrize("flavour", FLAVOURS)
async def test_users_calls_carry_them(frontegg_emulator: EmulatorHandle, flavour: str) -> None:
    """The client of a user has them from a view; the emulator takes them, and its journal hides the verifier."""
    frontegg_emulator.seed(tenants=[{"tenantId": "acme", "name": "Acme"}])
    token = frontegg_emulator.user_token(tenant_id="acme").access_token
    kind: Any = FronteggUser if flavour == "blocking" else AsyncFronteggUser
    user = kind(base_url=frontegg_emulator.url, token=token)
    await do(user.with_options(headers=_headers()).tenants.list().all)
    await do(user.tenants.list().all)
    await _close(user)
    first, second = frontegg_emulator.journal()[-2:]
    assert (first.status, first.headers) == (200, {**SENT, VERIFIER: "[redacted]"})
    assert second.headers == {}


async def test_the_verifier_shows_nowhere(caplog: pytest.LogCaptureFixture) -> None:
    """Neither in options, nor in what hooks see, nor in logs and errors, nor in a pickle."""
    seen: list[Any] = []
    caplog.set_level(logging.DEBUG)
    for given in (PLAIN, _headers(), {VERIFIER: Secret(CANARY)}, {"x-other": Secret(CANARY)}):
        options = Options(headers=given)
        async with (
            raw_server(http(404, {"errors": ["no"]})) as server,
            frontegg_async.AsyncFrontegg(
                "emu_client",
                "emu_secret",
                base_url=server.url,
                options=options,
                on_request=seen.append,
                on_response=seen.append,
            ) as client,
        ):
            with pytest.raises(NotFoundError) as raised:
                await client.tenants.get("t1")
        assert CANARY in server.requests[0].headers.values()
        shown = [repr(options), str(options.headers), repr(given) if given is not PLAIN else "", repr(raised.value)]
        shown += [repr(each.headers if hasattr(each, "url") else each.request.headers) for each in seen]
        shown += [repr(each) for each in seen] + [record.getMessage() for record in caplog.records]
        assert not [text for text in shown if CANARY in text]
        with pytest.raises(TypeError, match="cannot be pickled"):
            pickle.dumps(options)
        assert copy.deepcopy(options) == copy.copy(options) == options
        assert merge_options(options, Options(timeout=1)).headers == options.headers
    assert seen[0].headers.get("frontegg-vendor-id") == "vendor"


@pytest.mark.parametrize(
    ("ip", "sent"),
    [
        ("192.0.2.7", "192.0.2.7"),
        (ipaddress.ip_address("192.0.2.7"), "192.0.2.7"),
        ("2001:DB8:0:0::1", "2001:db8::1"),
        (ipaddress.ip_address("2001:db8::1"), "2001:db8::1"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("0000:0000:0000:0000:0000:ffff:192.168.100.228", "192.168.100.228"),
        ("::1", "::1"),
    ],
)
def test_addresses(ip: Any, sent: str) -> None:
    """One address of either version, in its shortest form."""
    headers = client_ip_headers(ip, verifier=Secret("s"), vendor_id="v", app_id="a")
    assert headers == {
        VERIFIER: Secret("s"),
        "x-frontegg-forwarded-for": sent,
        "frontegg-vendor-id": "v",
        "frontegg-application-id": "a",
    }


@pytest.mark.parametrize(
    "ip",
    [
        *("", "localhost", "unknown", "192.0.2", "192.0.2.07", "192.0.2.0/24", "1" * 5_000, "\u0661.2.3.4"),
        *("192.0.2.7:80", "[::1]", "[::1]:80", "192.0.2.7, 192.0.2.8", " 192.0.2.7", "192.0.2.7 ", "192.0.2.7\r\nx: y"),
        *("fe80::1%eth0", ipaddress.ip_address("fe80::1%eth0")),
        *(1, b"\x7f\0\0\1", None, True, ["192.0.2.7"]),
    ],
)
def test_what_is_no_address(ip: Any) -> None:
    """A list, a port, a zone or a name is refused by the name of the argument, and is not quoted."""
    with pytest.raises(InvalidArgumentError, match=r"^ip must be one IPv4 or IPv6 address, without port and zone$"):
        client_ip_headers(ip, verifier="s", vendor_id="v", app_id="a")


@pytest.mark.parametrize("name", ["verifier", "vendor_id", "app_id"])
@pytest.mark.parametrize("value", ["", " ", "a b", "a\n", "\u00e4", "x" * 1_025, None, 5, b"a", Secret("")])
def test_what_is_no_text_for_a_header(name: str, value: Any) -> None:
    """The message names the argument and what is allowed."""
    given: Any = {"verifier": "s", "vendor_id": "v", "app_id": "a", name: value}
    with pytest.raises(InvalidArgumentError, match=rf"^{name} must be 1 to 1024 visible ASCII characters"):
        client_ip_headers("192.0.2.7", **given)


@pytest.mark.parametrize("value", ["a\n", " a", "\u00e4", 5, None, Secret("a\n"), Secret(" a")])
def test_bad_verifiers(value: Any) -> None:
    """Hidden values are checked as all others are."""
    with pytest.raises(frontegg_async.ConfigurationError, match=r"^headers\['x-frontegg-headers-verifier'\] must be"):
        Options(headers={VERIFIER: value})
