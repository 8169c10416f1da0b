"""The guard of the plugin, in projects of users, and what the plugin costs those who do not use it."""

from __future__ import annotations

import contextlib
import os
import socketserver
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent
from typing import Any, Final
from xml.etree import ElementTree as ET

import pytest

from frontegg_async.testing.guard import ForbiddenHostError, Guard, is_service
from tests.support.certificate_authority import Authority
from tests.support.nursery import forked

PROJECT = """
    import asyncio, socket, ssl, urllib.request, unittest
    import pytest

    HOST = "API.Frontegg.com."
    LATE = []

    def test_looked_up():
        socket.getaddrinfo(HOST, 443)

    def test_looked_up_by_old_ways():
        try:
            socket.gethostbyname(HOST)
        except RuntimeError:
            socket.gethostbyname_ex(HOST)

    def test_swallowed():
        try:
            urllib.request.urlopen("https://app-acme.us.frontegg.com/frontegg/x")
        except Exception:
            pass

    def test_awaited():
        async def reach():
            await asyncio.open_connection("frontegg.com", 443, ssl=True)
        asyncio.run(reach())

    def test_looked_up_by_address():
        socket.gethostbyaddr(HOST)

    def test_full_width():
        socket.getaddrinfo("\\uff41pi\\u3002frontegg.com", 443)

    def test_sent():
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
            one.sendto(b"x", ("api\\u3002frontegg.com", 443))

    def test_sent_as_a_message():
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
            one.sendmsg([b"x"], [], 0, ("frontegg.com", 443))

    def test_connected():
        with socket.socket() as one:
            one.connect_ex((b"frontegg.com", 443))

    def test_tls_over_whatever():
        context = ssl.create_default_context()
        context.wrap_bio(ssl.MemoryBIO(), ssl.MemoryBIO(), server_hostname="api.ca.frontegg.com")

    def test_of_the_sdk():
        from frontegg_sync import Frontegg
        with Frontegg("id", "secret") as frontegg:
            frontegg.tenants.list().count()

    def test_skipped_then():
        try:
            socket.getaddrinfo("frontegg.com", 1)
        except RuntimeError:
            pytest.skip("no network")

    class TestCase(unittest.TestCase):
        def test_unittest(self):
            socket.getaddrinfo("frontegg.com", 1)

    @pytest.fixture
    def reaching():
        yield
        socket.getaddrinfo("frontegg.com", 1)

    def test_error_at_the_end(reaching):
        pass

    @pytest.mark.frontegg_live
    def test_allowed():
        with pytest.raises(UnicodeError):  # not a name that anybody could be asked about
            socket.getaddrinfo("x" * 64 + ".frontegg.com", 1)

    def test_good_other_hosts(frontegg_sync_client):
        assert socket.getaddrinfo("localhost", 80)
        assert frontegg_sync_client.tenants.list().count() == 0
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
            one.sendto(b"", ("127.0.0.1", 9))
            one.sendmsg([b""], [], 0, ("127.0.0.1", 9))
            one.connect(("127.0.0.1", 9))
"""

PARALLEL = """
    import pytest

    @pytest.mark.parametrize("number", range(12))
    def test_alone(frontegg_sync_client, frontegg_factory, frontegg_emulator, number):
        frontegg_factory.tenant("same")
        frontegg_sync_client.tenants.create(tenant_id="made", name=str(number))
        assert [each.name for each in frontegg_sync_client.tenants.list()] == ["same", str(number)]
        assert [entry.route for entry in frontegg_emulator.journal()].count("tenants.create") == 1
"""


def run(directory: Path, source: str, *arguments: str, before: tuple[str, ...] = ()) -> dict[str, str]:
    """Run a project's tests with this plugin alone; return how each went, failures with their messages.

    Args:
        directory: The project.
        source: Its tests.
        arguments: Further arguments of pytest.
        before: Arguments that come before the plugin.
    """
    (directory / "test_project.py").write_text(dedent(source), encoding="utf-8")
    command = [
        *forked("pytest"),
        "-q",
        "-p",
        "no:cacheprovider",
        *before,
        "-p",
        "frontegg",
        "-W",
        "error",
        "--junitxml=report.xml",
    ]
    done = subprocess.run(
        [*command, *arguments],
        cwd=directory,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
    )
    report = directory / "report.xml"
    assert report.exists(), done.stdout + done.stderr
    results: dict[str, str] = {}
    for case in ET.parse(report).getroot().iter("testcase"):
        worse = [each.get("message", "") for each in case if each.tag in {"failure", "error", "skipped"}]
        results[case.get("name", "")] = worse[0] if worse else "passed"
    return results


@pytest.mark.each_python
def test_a_test_that_reaches_for_the_service_fails(tmp_path: Path) -> None:
    """However it does so, also when nobody sees the error; the message says where to, and what to do."""
    results = run(tmp_path, PROJECT)
    allowed = {name for name, result in results.items() if result == "passed"}
    assert allowed == {"test_allowed", "test_good_other_hosts"}
    failed = {name: result for name, result in results.items() if name not in allowed}
    assert len(failed) == 14
    for name, message in failed.items():
        assert "the real service" in message, name
        assert "frontegg.com" in message.lower(), name
        assert "frontegg_sync_client" in message, name
        assert "@pytest.mark.frontegg_live" in message, name
    assert "looked up api.frontegg.com" in failed["test_full_width"]
    assert "sent to api.frontegg.com" in failed["test_sent"]
    assert "looked up app-acme.us.frontegg.com" in failed["test_swallowed"]
    assert "connected to frontegg.com" in failed["test_connected"]
    assert "opened TLS to api.ca.frontegg.com" in failed["test_tls_over_whatever"]
    assert "looked up api.frontegg.com" in failed["test_of_the_sdk"]


_RESOLVER: Final = """
    # The service is a server of the test.
    import socket

    resolve = socket.getaddrinfo

    def getaddrinfo(host, port, *others, **more):
        if "frontegg.com" in str(host):
            return resolve("127.0.0.1", PORTS[port], *others, **more)
        return resolve(host, port, *others, **more)

    PORTS = {}
    socket.getaddrinfo = getaddrinfo
"""

_CONFTEST: Final = """
    import atexit, pathlib, socket

    LEFT = socket.create_connection(("api.frontegg.com", 80))

    def after():
        said = []
        for act in (lambda: LEFT.sendall(b"x"), lambda: socket.create_connection(("frontegg.com", 80))):
            try:
                act()
            except RuntimeError as error:
                said.append(type(error).__name__)
        pathlib.Path("after.txt").write_text(" ".join(said))

    atexit.register(after)
"""

_LEFT_OPEN: Final = """
    import asyncio, socket, ssl
    import pytest
    from conftest import LEFT
    from resolver import PORTS

    HOST = "api.frontegg.com"
    LOOP = asyncio.new_event_loop()
    OPEN = {}

    def context():
        made = ssl.create_default_context()
        made.check_hostname, made.verify_mode = False, ssl.CERT_NONE
        return made

    @pytest.mark.frontegg_live
    def test_good_live():
        for name in ("plain", "messages", "file"):
            OPEN[name] = socket.create_connection((HOST, 80))
            OPEN[name].sendall(b"x")
        OPEN["tls"] = context().wrap_socket(socket.create_connection((HOST, 443)), server_hostname=HOST)
        OPEN["tls"].sendall(b"x")
        for name in ("awaited", "closed"):
            OPEN[name] = LOOP.run_until_complete(asyncio.open_connection(HOST, 443, ssl=context()))[1]
        OPEN["awaited without tls"] = LOOP.run_until_complete(asyncio.open_connection(HOST, 80))[1]

    def test_of_an_import():
        LEFT.sendall(b"x")

    def test_plain():
        OPEN["plain"].send(b"x")

    def test_messages():
        OPEN["messages"].sendmsg(iter([b"x", b"y"]))

    def test_file():
        with OPEN["file"].makefile("wb") as file:
            file.write(b"x")

    def test_sent_file():
        with open(__file__, "rb") as file:
            OPEN["file"].sendfile(file)

    def test_tls():
        OPEN["tls"].write(b"x")

    def test_tls_again():
        OPEN["tls"].sendall(b"x")

    @pytest.mark.parametrize("name", ["awaited", "awaited without tls"])
    def test_awaited(name):
        async def use():
            try:
                OPEN[name].write(b"x")
                await OPEN[name].drain()
            except Exception:
                pass
        LOOP.run_until_complete(use())

    def test_address_that_was_looked_up():
        socket.create_connection(("127.0.0.1", PORTS[80]))

    def test_good_closing():
        async def close():
            OPEN["closed"].close()
            await OPEN["closed"].wait_closed()
        LOOP.run_until_complete(close())
        for name in ("plain", "messages", "file", "tls"):
            OPEN[name].close()
        LOOP.close()

    def test_good_other_hosts(frontegg_sync_client):
        assert frontegg_sync_client.tenants.list().count() == 0
"""


class _Keeping(socketserver.ThreadingTCPServer):
    """Accepts connections and keeps them open until their peers end."""

    daemon_threads = True
    tls: ssl.SSLContext | None = None

    def finish_request(self, request: Any, client_address: Any) -> None:
        del client_address
        with contextlib.suppress(OSError), contextlib.ExitStack() as stack:
            served = request
            if self.tls is not None:
                served = stack.enter_context(self.tls.wrap_socket(request, server_side=True))
            while served.recv(100):
                pass


@contextlib.contextmanager
def _keeping(tls: ssl.SSLContext | None = None) -> Iterator[int]:
    with _Keeping(("127.0.0.1", 0), socketserver.BaseRequestHandler) as server:
        server.tls = tls
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.each_python
def test_a_connection_that_was_left_open_is_refused(tmp_path: Path) -> None:
    """Opened by a test that may, or by the import of a conftest.py; also after the run. It may be closed."""
    tls = Authority().server("127.0.0.1", self_signed=True)
    with _keeping() as plain, _keeping(tls) as encrypted:
        ports = f"PORTS.update({{80: {plain}, 443: {encrypted}}})\n"
        (tmp_path / "resolver.py").write_text(dedent(_RESOLVER) + ports, encoding="utf-8")
        (tmp_path / "conftest.py").write_text(dedent(_CONFTEST), encoding="utf-8")
        results = run(tmp_path, _LEFT_OPEN, "-W", "ignore::ResourceWarning", before=("-p", "resolver"))
    good = {name for name, result in results.items() if result == "passed"}
    assert good == {"test_good_live", "test_good_closing", "test_good_other_hosts"}, results
    assert len(results) == 13
    for name, message in results.items():
        if name not in good:
            assert "api.frontegg.com: tests must not reach the service" in message, name
    assert "connected to api.frontegg.com" in results["test_address_that_was_looked_up"]
    assert "used a connection that was open already to api.frontegg.com" in results["test_of_an_import"]
    assert (tmp_path / "after.txt").read_text() == "ForbiddenHostError ForbiddenHostError"


@pytest.mark.slow
def test_a_setting_allows_the_service(tmp_path: Path) -> None:
    """For a whole run, in the settings of pytest; the name that is asked for cannot exist."""
    (tmp_path / "pytest.ini").write_text("[pytest]\nfrontegg_live = true\n", encoding="utf-8")
    source = """
        import socket, pytest

        def test_free():
            with pytest.raises(UnicodeError):
                socket.getaddrinfo("x" * 64 + ".frontegg.com", 1)
    """
    assert run(tmp_path, source) == {"test_free": "passed"}


@pytest.mark.slow
def test_tests_run_in_parallel(tmp_path: Path) -> None:
    """Two processes, each with an emulator of its own, and no test sees another."""
    results = run(tmp_path, PARALLEL, "-p", "xdist", "-n", "2")
    assert list(results.values()) == ["passed"] * 12


@pytest.mark.slow
def test_who_does_not_use_it_loads_nothing(tmp_path: Path) -> None:
    """Of the SDK a project gets the plugin alone, and nothing of HTTP."""
    source = """
        import sys

        def test_little():
            ours = {name for name in sys.modules if name.startswith("frontegg_")}
            here = "frontegg_async.testing"
            parts = ("fixtures", "guard", "module_fixtures", "parts", "session_fixtures")
            plugin = {f"{here}.{name}" for name in parts}
            assert ours == {"frontegg_async", here, *plugin}
            assert not {"aiohttp", "attrs", "msgspec", "asyncio"} & set(sys.modules)
    """
    alone = run(tmp_path, source)
    assert alone == {"test_little": "passed"}


@pytest.mark.slow
def test_the_plugin_is_found_by_its_entry_point(tmp_path: Path) -> None:
    """A project that only installs the package has the fixtures."""
    command = [sys.executable, "-m", "pytest", "--fixtures", "-q"]
    listing = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False).stdout
    for fixture in ("emulator", "client", "sync_client", "user", "sync_user", "factory", "faults", "clock"):
        assert f"frontegg_{fixture} -- " in listing


@pytest.mark.parametrize(
    ("host", "ours"),
    [
        ("frontegg.com", True),
        ("API.US.Frontegg.com.", True),
        (b"app-acme.frontegg.com", True),
        ("api\u3002frontegg.com", True),
        ("api\uff0efrontegg\uff0ecom", True),
        ("api\uff61frontegg\uff61com\u3002", True),
        ("API\u2024FRONTEGG\u2024COM", True),  # one dot leader
        ("\uff41\uff50\uff49.\uff46\uff52\uff4f\uff4e\uff54\uff45\uff47\uff47.\uff43\uff4f\uff4d", True),
        ("\uff21\uff30\uff29.\uff26ront\uff25gg.com", True),
        ("api.front\u00adegg.com", True),  # a soft hyphen
        ("api.front\u200begg.com", True),  # a space of no width
        ("api.frontegg.c\ufe0fom", True),  # a variation selector
        ("api.frontegg.c\U000e0101om", True),
        ("api.fro\u1806ntegg.com", True),  # a soft hyphen of another script
        ("api.fr\U0001cce4ntegg.com", True),  # a letter that is newer than the tables of Python 3.11
        ("api\u3002frontegg.com".encode(), True),
        (bytearray(b"API.frontegg.com."), True),
        (" frontegg.com ", True),
        ("frontegg.com..", True),
        ("frontegg.com:443", True),
        ("api%2Efrontegg%2ecom", True),
        ("api%252efrontegg.com", True),
        ("api%E3%80%82frontegg.com", True),
        ("https://api.frontegg.com/x?y", True),
        ("HTTPS://user:secret@API%2efrontegg.com.:443/x", True),
        ("//api\u3002frontegg.com", True),
        ("https://example.com/frontegg.com", False),
        ("https://frontegg.com@example.com/", False),
        ("frontegg.com.example:443", False),
        ("[::1]:443", False),
        ("fe80::1%eth0", False),
        ("front\u00e9gg.com", False),
        ("\ud800", False),
        ("%", False),
        ("%ff", False),
        (b"", False),
        ("notfrontegg.com", False),
        ("frontegg.com.example", False),
        ("127.0.0.1", False),
        (b"\xff", False),
        (None, False),
        (5, False),
    ],
)
def test_which_hosts_are_the_service(host: object, ours: bool) -> None:
    """The domain and what is below it, in any letters."""
    assert is_service(host) is ours


def _resolved(host: str) -> bytes:
    """Return what Python asks a name server for; nothing where it refuses the name."""
    try:
        return host.encode("idna").lower()
    except UnicodeError:
        return b""


@pytest.mark.slow
def test_whatever_python_resolves_to_the_service() -> None:
    """Each character of the basic plane, in places where it may stand for a dot, a letter or nothing.

    A character after which a label begins with ``xn--`` stands for none of them.
    """
    hosts = (f"api{chr(code)}frontegg.com" for code in range(0x80, 0x10000))
    characters = {host[3] for host in hosts if (asked := _resolved(host)) and b"xn--" not in asked}
    forms = ("api{}frontegg.com", "api.fro{}ntegg.com", "api.fr{}ntegg.com")
    reaching = [host for form in forms for each in characters if _is_below(_resolved(host := form.format(each)))]
    assert [host for host in reaching if not is_service(host)] == []
    assert len(reaching) > len(forms)


def _is_below(asked: bytes) -> bool:
    return asked.endswith(b".frontegg.com")


def test_what_is_said() -> None:
    """A guard remembers what was reached for, once each; a test that is allowed to reaches for nothing."""
    guard = Guard()
    guard.begin(allowed=True)
    guard.check("frontegg.com", "looked up")
    assert guard.verdict() is None
    guard.begin(allowed=False)
    for host in ("frontegg.com", "frontegg.com", b"api.frontegg.com"):
        with pytest.raises(ForbiddenHostError, match="looked up"):
            guard.check(host, "looked up")
    verdict = guard.verdict() or ""
    assert verdict.startswith("this test looked up frontegg.com, and looked up api.frontegg.com: tests must not")
