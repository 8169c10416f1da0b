"""The guard, which fails a test that tries to reach the real service, even if the attempt does not succeed."""

from __future__ import annotations

import functools
import re
import socket
import sys
from collections.abc import Callable, Generator, Iterable, Sequence
from io import IOBase
from types import ModuleType
from typing import Final, TypeAlias, cast
from urllib.parse import unquote
from weakref import WeakKeyDictionary

import pytest

DOMAIN: Final = "frontegg.com"
SETTING: Final = "frontegg_live"
ADVICE: Final = (
    "Tests should use the emulator: use the fixture frontegg_client or frontegg_sync_client, or give your own client "
    "base_url, client_id and secret of the fixture frontegg_emulator. To use the real service, mark the test with "
    f"@pytest.mark.{SETTING}, or set {SETTING} = true in the settings of pytest for a whole run."
)

_DOTS: Final = dict.fromkeys((0x3002, 0xFF0E, 0xFF61), ".")
"""The full stops that IDNA treats as dots."""
_OUTLINED: Final = {0x1CCD6 + number: chr(ord("a") + number) for number in range(26)}
"""Outlined letters of Unicode 16, which the tables of older Python versions lack."""
_SAME: Final = {**_DOTS, **_OUTLINED}
_INVISIBLE: Final = frozenset(
    map(chr, (0x034F, 0x1806, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFFA0, 0x2065))
) | frozenset(map(chr, (*range(0x180B, 0x1810), *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))))
"""Characters that IDNA ignores in names, in addition to format characters: variation selectors and fillers."""
_AUTHORITY: Final = re.compile(r"^\s*(?:[a-z][a-z0-9+.-]*:)?//", re.IGNORECASE)
_PORT: Final = re.compile(r":[0-9]*$")
_MOST_ENCODED: Final = 3

_TLS_RECORD: Final = re.compile(rb"[\x14-\x17]\x03")

_Function: TypeAlias = Callable[..., object]
_Hook: TypeAlias = Generator[None, object, object]


class ForbiddenHostError(RuntimeError):
    """A test tried to reach a host of the real service."""


def name_of(host: object) -> str:
    """Return a host name in the form that resolvers use; empty if the value is not a host name.

    Args:
        host: A host name or a URL, as text or bytes. The name may be percent-encoded, may be in upper case, and may
            have a port or a final dot. The name may contain the full stops, full-width letters and invisible characters
            of internationalised names.
    """
    if isinstance(host, bytes | bytearray):
        host = bytes(host).decode("utf-8", "replace")
    if not isinstance(host, str):
        return ""
    name = _unquoted(host)
    if not name.isascii():
        name = _unquoted(_folded(name))
    if "/" in name:
        name = _AUTHORITY.sub("", name).partition("/")[0].rpartition("@")[2]
    name = name.strip().lower()
    if not name.startswith("["):
        name = _PORT.sub("", name)
    return name.rstrip(".")


def _unquoted(text: str) -> str:
    # Each library between a test and the socket may decode the name once. Decode the name several times.
    for _ in range(_MOST_ENCODED):
        if "%" not in text:
            break
        text = unquote(text, errors="replace")
    return text


def _folded(name: str) -> str:
    """Replace the characters of a name that IDNA treats as equal, and remove the characters that it ignores."""
    # Few names need this module, so most tests do not import it.
    import unicodedata  # noqa: PLC0415 - as above

    seen = "".join(letter for letter in name if unicodedata.category(letter) != "Cf" and letter not in _INVISIBLE)
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", seen).casefold()).translate(_SAME)


def is_service(host: object) -> bool:
    """Return whether a host, as text or bytes, is a host of the service."""
    name = name_of(host)
    return name == DOMAIN or name.endswith(f".{DOMAIN}")


def _first(arguments: Sequence[object], keywords: dict[str, object]) -> object:
    return arguments[0] if arguments else keywords.get("host")


def _of_last_address(arguments: Sequence[object]) -> object:
    # The address is the last argument, after data and flags.
    return arguments[-1] if len(arguments) > 1 else None


def _server_name(arguments: Sequence[object], keywords: dict[str, object]) -> object:
    # Both methods of a TLS context take the server name as the last argument but one.
    return keywords.get("server_hostname") or next(filter(is_service, arguments), None)


class Guard:
    """Checks the hosts of name look-ups, of new connections, of TLS handshakes and of open connections.

    All hosts are allowed until pytest has read its settings. Connections to the service can be opened before this time,
    or by a test that may reach the service. The guard remembers these connections: other tests may not send over them.

    Attributes:
        reached: The attempts of the current test to reach the service.
    """

    def __init__(self) -> None:
        self.reached: list[str] = []
        self.allowed: bool = True
        self._addresses: dict[tuple[object, object], str] = {}
        self._opened = WeakKeyDictionary[object, str]()
        self._tls: ModuleType | None = None

    def install(self) -> None:
        """Install the checks for the rest of the process, since background code may still send after a run."""
        for name in ("getaddrinfo", "gethostbyname", "gethostbyname_ex", "gethostbyaddr"):
            _wrap(socket, name, self._of_lookup)
        for name in ("connect", "connect_ex"):
            _wrap(socket.socket, name, self._of_connection)
        for name in ("send", "sendall", "sendfile", "sendto", "sendmsg"):
            if hasattr(socket.socket, name):  # some platforms lack a method
                _wrap(socket.socket, name, self._of_sending)
        self.watch_tls()

    def watch_tls(self) -> None:
        """Check TLS too, if the module ``ssl`` is imported.

        Connections of event loops in C are visible only in this module.
        """
        if self._tls is None and (loaded := sys.modules.get("ssl")) is not None and hasattr(loaded, "SSLSocket"):
            self._tls = loaded
            for name in ("wrap_bio", "wrap_socket"):
                _wrap(loaded.SSLContext, name, self._of_tls)
            for owner, name in ((loaded.SSLObject, "write"), (loaded.SSLSocket, "write"), (loaded.SSLSocket, "send")):
                _wrap(owner, name, self._of_sending)

    def begin(self, *, allowed: bool) -> None:
        """Start the checks of a test."""
        self.reached.clear()
        self.allowed = allowed
        self.watch_tls()

    def check(self, host: object, action: str) -> None:
        """Raise an error for a host of the service, unless the test may reach the service.

        Raises:
            ForbiddenHostError: The host belongs to the service, and the test may not reach the service.
        """
        if self.allowed or not is_service(host):
            return
        shown = name_of(host)
        self.reached.append(f"{action} {shown}")
        raise ForbiddenHostError(f"the test {action} {shown}, a host of the real service. {ADVICE}")

    def verdict(self) -> str | None:
        """Return the reason why the test fails; ``None`` if the test does not fail."""
        if not self.reached:
            return None
        return f"this test {', and '.join(dict.fromkeys(self.reached))}: tests must not reach the service. {ADVICE}"

    def _of_lookup(self, original: _Function) -> _Function:
        def looked_up(*arguments: object, **keywords: object) -> object:
            host = _first(arguments, keywords)
            self.check(host, "looked up")
            found = original(*arguments, **keywords)
            if is_service(host):
                self._remember(name_of(host), found)
            return found

        return looked_up

    def _remember(self, name: str, found: object) -> None:
        """Remember the addresses of a host of the service. An address without a port stands for all ports."""
        if isinstance(found, list):  # from getaddrinfo
            for *_, address in cast("list[tuple[object, ...]]", found):
                self._addresses[cast("tuple[object, object]", address)[:2]] = name
        else:
            names = cast("tuple[object, object, list[str]]", found)[2] if isinstance(found, tuple) else [found]
            self._addresses |= {(each, 0): name for each in names}

    def _host_at(self, address: object) -> object:
        """Return the host of an address.

        If a look-up of a host of the service returned the address, return this host.
        """
        parts = cast("tuple[object, ...]", address) if isinstance(address, tuple) else ()
        if len(parts) < 2:  # noqa: PLR2004 - a host and a port
            return None
        host, port = parts[:2]
        return self._addresses.get((host, port)) or self._addresses.get((host, 0)) or host

    def _of_connection(self, original: _Function) -> _Function:
        def connected(connection: object, address: object, *others: object) -> object:
            self.watch_tls()
            host = self._host_at(address)
            self.check(host, "connected to")
            if is_service(host):
                self._opened[connection] = name_of(host)
            return original(connection, address, *others)

        return connected

    def _of_tls(self, original: _Function) -> _Function:
        def opened(*arguments: object, **keywords: object) -> object:
            host = _server_name(arguments, keywords)
            self.check(host, "opened TLS to")
            connection = original(*arguments, **keywords)
            if is_service(host):
                self._opened[connection] = name_of(host)
            return connection

        return opened

    def _of_sending(self, original: _Function) -> _Function:
        def sent(connection: object, *arguments: object, **keywords: object) -> object:
            if not self.allowed:
                self.check(self._host_at(_of_last_address(arguments)), "sent to")
                if self._opened and connection in self._opened:
                    arguments = self._check_open(connection, arguments)
            return original(connection, *arguments, **keywords)

        return sent

    def _check_open(self, connection: object, arguments: tuple[object, ...]) -> tuple[object, ...]:
        """Refuse to send over a connection to the service that an earlier test opened.

        Return the arguments. An iterator among them is replaced by a list of its items.
        """
        first = next(iter(arguments), b"")
        if isinstance(first, Iterable) and not isinstance(first, bytes | bytearray | memoryview | IOBase):
            buffers = list(cast("Iterable[object]", first))  # the argument of sendmsg may be an iterator
            arguments = (buffers, *arguments[1:])
            first = next(iter(buffers), b"")
        # Closing a connection sends a TLS record. The data of a program is checked before TLS turns the data into
        # records.
        head = bytes(cast("bytes", first)[:2]) if isinstance(first, bytes | bytearray | memoryview) else b""
        if not _TLS_RECORD.match(head):
            self.check(self._opened[connection], "used a connection that was open already to")
        return arguments


def _wrap(owner: object, name: str, make: Callable[[_Function], _Function]) -> None:
    original: _Function = getattr(owner, name)
    setattr(owner, name, functools.wraps(original)(make(original)))


GUARD: Final = Guard()
"""The guard of the process.

The guard is installed when pytest loads the plugin, before pytest imports a ``conftest.py``.
"""

GUARD.install()


class GuardHooks:
    """The hooks that pytest calls around each test."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> _Hook:
        """Start and end the checks of a test."""
        self._guard.begin(allowed=item.get_closest_marker(SETTING) is not None)
        try:
            return (yield)
        finally:
            self._guard.begin(allowed=False)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_setup(self) -> _Hook:
        """Fail the test if its fixtures tried to reach the service."""
        return (yield from self._check_phase())

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self) -> _Hook:
        """Fail the test if it tried to reach the service."""
        return (yield from self._check_phase())

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_teardown(self) -> _Hook:
        """Fail the test if the teardown of its fixtures tried to reach the service."""
        return (yield from self._check_phase())

    def _check_phase(self) -> _Hook:
        try:
            result = yield
        except (Exception, pytest.fail.Exception, pytest.skip.Exception) as error:
            self._fail(error)
            raise
        self._fail(None)
        return result

    def _fail(self, error: BaseException | None) -> None:
        verdict = self._guard.verdict()
        if verdict is not None:
            self._guard.reached.clear()  # a later phase fails only for its own attempts
            raise pytest.fail.Exception(verdict, pytrace=False) from error


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the setting that allows the real service."""
    parser.addini(SETTING, "whether tests may reach the real service of Frontegg", type="bool", default=False)


def pytest_configure(config: pytest.Config) -> None:
    """Start the checks, unless the setting allows the real service."""
    config.addinivalue_line("markers", f"{SETTING}: the test may reach the real service of Frontegg")
    GUARD.begin(allowed=config.getini(SETTING))
    if not GUARD.allowed:
        config.pluginmanager.register(GuardHooks(GUARD), "frontegg-guard")
