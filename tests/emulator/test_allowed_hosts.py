"""Host names that the emulator accepts and refuses, as protection against DNS rebinding."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import aiohttp
import pytest

from frontegg_async.emulator import Emulator
from frontegg_async.emulator.http.allowed_hosts import AllowedHosts, check_allowed_hosts
from tests.emulator.process import EmulatorProcess, run_emulator
from tests.emulator.support import V1, V2, Service

ALLOWED = AllowedHosts(frozenset({"emulator", "accounts.test.example"}))


@pytest.mark.parametrize(
    ("host", "allowed"),
    [
        ("127.0.0.1:8080", True),
        ("127.0.0.1", True),
        ("10.0.0.7:1", True),
        ("[::1]:8080", True),
        ("[::ffff:127.0.0.1]", True),
        ("[fe80::1%25eth0]:1", True),
        ("localhost:8080", True),
        ("LOCALHOST", True),
        ("localhost.", True),
        ("app.localhost:1", True),
        ("emulator:8080", True),
        ("Emulator", True),
        ("emulator.:8080", True),
        ("accounts.test.example", True),
        ("sub.accounts.test.example", False),
        ("test.example", False),
        ("emulator2", False),
        ("intranet:80", False),
        ("host.docker.internal", False),
        ("evil.example:8080", False),
        ("127.0.0.1.evil.example", False),
        ("127.0.0.1@evil.example", False),
        ("evil.example@127.0.0.1", False),
        ("localhost.evil.example", False),
        ("evillocalhost", False),
        ("localhost:80:evil.example", False),
        ("localhost/evil.example", False),
        ("localhost\\evil.example", False),
        ("localhost#evil.example", False),
        ("localhost evil.example", False),
        ("localhost,evil.example", False),
        ("localhost..", False),
        ("::1", False),
        ("[::1].evil.example", False),
        ("[localhost]", False),
        ("[", False),
        ("[]", False),
        (":80", False),
        (".localhost.evil", False),
        ("", False),
        ("\udcff", False),
    ],
)
def test_names_of_this_machine(host: str, allowed: bool) -> None:
    """Names of loopback, addresses, and what was allowed, each as a whole; the refusal says what to do."""
    assert ALLOWED.allows(host) is allowed
    refusal = ALLOWED.refusal(host)
    assert (refusal is None) is allowed
    assert refusal is None or "127.0.0.1" in refusal


def test_the_refusal_names_the_way_out() -> None:
    """By the command line and in a program; a long name is cut."""
    refusal = ALLOWED.refusal("Proxy.Example:80") or ""
    assert "--allow-host proxy.example" in refusal
    assert "allow_hosts=['proxy.example']" in refusal
    assert len(ALLOWED.refusal("a" * 10_000) or "") < 500


@pytest.mark.parametrize(
    "names",
    ["emulator", b"x", 5, [5], [""], ["*"], ["*.example"], ["http://emulator"], ["emulator:80"], ["a b"], ["é"], ["."]],
)
def test_what_is_no_name(names: Any) -> None:
    """It is refused by the argument's name."""
    with pytest.raises(ValueError, match="allow_hosts"):
        check_allowed_hosts(names)
    with pytest.raises(ValueError, match="allow_hosts"):
        Emulator(allow_hosts=names)


@pytest.fixture
async def ask(service: Service) -> Any:
    """Send a request under a host."""

    async def send(method: str, path: str, host: str, body: Any = None) -> tuple[int, str]:
        answer = await service.send(method, path, body, headers={"Host": host})
        return answer.status, answer.raw.decode()

    return send


@pytest.mark.anyio
async def test_a_page_whose_name_points_here_reads_and_changes_nothing(service: Service, ask: Any) -> None:
    """All routes of the service refuse it: with a token, without, under the prefix, and those that are not known."""
    await service.create("stays")
    await service.emulator.clear_journal()
    stats = await service.emulator.stats()
    credentials = {"clientId": service.emulator.client_id, "secret": service.emulator.secret}
    for method, path, body in (
        ("POST", "/auth/vendor", credentials),
        ("GET", V2, None),
        ("GET", f"/frontegg{V2}", None),
        ("POST", V1, {"tenantId": "evil", "name": "Evil"}),
        ("DELETE", f"{V1}/stays", None),
        ("GET", "/.well-known/jwks.json", None),
        ("GET", "/nothing", None),
        ("GET", "/_emulator/v1/environments", None),
        ("GET", "/_emulator/", None),
        ("GET", "/_emulator/v1/events", None),
    ):
        status, text = await ask(method, path, "evil.example:8080", body)
        assert (status, "--allow-host evil.example" in text) == (403, True), path
    assert await service.emulator.journal() == []
    assert (await service.emulator.stats()).requests == stats.requests
    assert (await ask("GET", V2, "localhost"))[0] == 200


@pytest.mark.anyio
async def test_a_target_that_is_a_whole_url_counts(service: Service) -> None:
    """As HTTP says: its host is what the request is for, and the header does not count."""
    import asyncio

    host, port = service.emulator.url.removeprefix("http://").split(":")
    for target, header, status in (
        ("http://evil.example/nothing", "127.0.0.1", b"403"),
        ("http://127.0.0.1/nothing", "evil.example", b"404"),
        ("http://u:p@localhost:1/nothing", "x", b"404"),
    ):
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(f"GET {target} HTTP/1.1\r\nHost: {header}\r\nConnection: close\r\n\r\n".encode())
        assert (await reader.read()).split(b" ", 2)[1] == status
        writer.close()
        await writer.wait_closed()


@pytest.mark.anyio
async def test_names_that_a_program_allows() -> None:
    """The service, the admin API and the dashboard answer to them."""
    async with Emulator(allow_hosts=["Emulator", "accounts.example."]) as emulator, aiohttp.ClientSession() as session:
        for host in ("emulator:8080", "ACCOUNTS.example"):
            for path, status in (("/.well-known/jwks.json", 200), ("/_emulator/v1/health", 200), ("/_emulator/", 200)):
                async with session.get(emulator.url + path, headers={"Host": host}) as answer:
                    assert answer.status == status
        async with session.get(f"{emulator.url}/.well-known/jwks.json", headers={"Host": "other"}) as answer:
            assert answer.status == 403


@pytest.fixture(scope="module")
def compose() -> Iterator[EmulatorProcess]:
    """An emulator as one in docker compose is started."""
    with EmulatorProcess(
        "--host", "0.0.0.0", "--allow-nonloopback", "--allow-host", "emulator", "--allow-host", "accounts.example"
    ) as emulator:
        yield emulator


@pytest.mark.slow
@pytest.mark.parametrize(
    ("host", "status"),
    [("emulator:8080", 200), ("accounts.example", 200), ("172.18.0.3:8080", 200), ("x", 403)],
)
def test_names_that_the_command_line_allows(compose: EmulatorProcess, host: str, status: int) -> None:
    """Also where other machines reach it: an address beyond loopback is as open to web pages."""
    import http.client

    connection = http.client.HTTPConnection("127.0.0.1", int(compose.ready["url"].rpartition(":")[2]), timeout=30)
    for path in ("/.well-known/jwks.json", "/_emulator/v1/health"):
        connection.request("GET", path, headers={"Host": host})
        answer = connection.getresponse()
        body = json.loads(answer.read())
        assert answer.status == status, body
    connection.close()


@pytest.mark.slow
def test_a_wrong_name_on_the_command_line() -> None:
    """It is refused with what is allowed."""
    status, _, err = run_emulator("--allow-host", "http://emulator:80")
    assert status == 2
    assert "plain host names" in err
