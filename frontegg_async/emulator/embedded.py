"""`Emulator`: runs the emulator in a program, either in the program's event loop or in a thread."""

from __future__ import annotations

import asyncio
import sys
import warnings
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Final

import attrs

from frontegg_async._core.runtime.notebook_kernels import is_notebook
from frontegg_async.emulator.admin.verbs import Verbs
from frontegg_async.emulator.blocking_handle import EmulatorHandle
from frontegg_async.emulator.checks.arguments import MAX_PORT, flag, path, whole
from frontegg_async.emulator.handle import AsyncEmulatorHandle
from frontegg_async.emulator.http.allowed_hosts import check_allowed_hosts
from frontegg_async.emulator.http.server import EmulatorServer
from frontegg_async.emulator.server_thread import ServerThread
from frontegg_async.emulator.store.switches import DEFAULT, LOOSE
from frontegg_async.emulator.world.emulated_environment import EmulatedSettings
from frontegg_async.emulator.world.journal import MAX_ENTRIES
from frontegg_async.emulator.world.seeds import read_seed
from frontegg_async.emulator.world.start import start_world

_TWICE: Final = "this emulator already runs: create another Emulator"
_BLOCKS: Final = (
    "write 'async with Emulator(...)', not 'with': this thread runs an event loop, which the blocking emulator stops"
)


def _is_in_loop() -> bool:
    """Return whether a ``with`` block would block an event loop that has other work.

    Notebooks and ``python -m asyncio`` do not count, because their loops only wait for input.
    """
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    specification = getattr(sys.modules.get("__main__"), "__spec__", None)
    return not is_notebook() and getattr(specification, "name", None) != "asyncio.__main__"


@attrs.define(eq=False)
class _Running:
    server: EmulatorServer
    thread: ServerThread | None = None


class Emulator:
    """Runs an emulator on a free port of the loopback interface, for the duration of a ``with`` block.

    ``async with Emulator() as emulator`` runs the emulator in the event loop; its verbs are awaitable. ``with
    Emulator() as emulator`` runs the emulator in a thread; its verbs block. A `RuntimeWarning` recommends ``async
    with`` if the thread runs an event loop, except in a notebook and in ``python -m asyncio``.

    Args:
        seed: The first tenants and users, as ``{"tenants": [...], "users": [...]}``.
        loose: Whether to ignore unknown body fields instead of refusing them.
        rate_limit: The maximum number of requests a minute on each route. By default there is no limit.
        port: The port to listen on. By default the operating system chooses a free port.
        persist: The path of a SQLite file that stores all data. If the file has data already, the seed is ignored. By
        default no data is stored.
        allow_hosts: The names by which other processes reach the emulator. Requests may use these names, ``localhost``,
        names below ``localhost``, and IP addresses. The emulator refuses requests for other hosts with 403.
        max_journal: The maximum number of requests in the journal, 1 or more. When the journal is full, the oldest
        request is dropped; ``stats()`` counts dropped requests.
        journal_bodies: Whether to keep the headers and bodies of the last 1,000 requests. The dashboard and
        ``recorded_exchange()`` show them. Up to 64 KiB of each body and 16 MiB of all bodies are kept. The default is
        ``False``.
        allow_nonloopback_hooks: Whether to call webhooks and prehooks on other machines too. By default the emulator
        only calls webhooks and prehooks on this machine.

    Raises:
        ValueError: ``rate_limit``, ``port`` or ``max_journal`` is out of range; ``loose``, ``journal_bodies`` or
        ``allow_nonloopback_hooks`` is not a flag; ``persist`` is not a path; or ``allow_hosts`` has a value that is
        not a plain host name. When the block is entered: the seed is not valid.
        ConfigurationError: When the block is entered: the persistence file cannot be used.
        MissingExtraError: When the block is entered: ``frontegg-async[emulator]`` is not installed.
        OSError: When the block is entered: the port is in use.
        RuntimeError: When the block is entered: this emulator already runs.
    """

    def __init__(
        self,
        *,
        seed: Mapping[str, object] | None = None,
        loose: bool = False,
        rate_limit: int | None = None,
        port: int = 0,
        persist: Path | str | None = None,
        allow_hosts: Iterable[str] = (),
        max_journal: int = MAX_ENTRIES,
        journal_bodies: bool = False,
        allow_nonloopback_hooks: bool = False,
    ) -> None:
        self._seed = seed
        self._settings = EmulatedSettings(rate_limit=rate_limit, switches=LOOSE if flag(loose, "loose") else DEFAULT)
        self._port = whole(port, "port", 0, MAX_PORT)
        self._persist = None if persist is None else path(persist, "persist")
        self._max_journal = whole(max_journal, "max_journal", 1)
        self._journal_bodies = flag(journal_bodies, "journal_bodies")
        self._allow_nonloopback_hooks = flag(allow_nonloopback_hooks, "allow_nonloopback_hooks")
        self._allow_hosts = check_allowed_hosts(allow_hosts)
        self._running: _Running | None = None

    def _make(self) -> EmulatorServer:
        seed = None if self._seed is None else read_seed(self._seed)
        started = start_world(
            self._settings,
            seed=seed,
            persist=self._persist,
            max_journal=self._max_journal,
            journal_bodies=self._journal_bodies,
        )
        return EmulatorServer(started.world, self._allow_hosts, self._allow_nonloopback_hooks)

    async def __aenter__(self) -> AsyncEmulatorHandle:
        if self._running is not None:
            raise RuntimeError(_TWICE)
        server = await asyncio.to_thread(self._make)  # the first signing key of a process and a large file take long
        try:
            url = await server.start(port=self._port)
        except BaseException:
            await server.stop()
            raise
        self._running = _Running(server)
        return AsyncEmulatorHandle(url, Verbs(server.world))

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        running, self._running = self._running, None
        if running is not None:
            await running.server.stop()

    def __enter__(self) -> EmulatorHandle:
        if self._running is not None:
            raise RuntimeError(_TWICE)
        if _is_in_loop():
            warnings.warn(_BLOCKS, RuntimeWarning, stacklevel=2)
        server = self._make()
        thread = ServerThread("frontegg-emulator")
        try:
            url = thread.run(server.start(port=self._port))
        except BaseException:
            thread.run(server.stop())
            thread.stop()
            raise
        self._running = _Running(server, thread)
        return EmulatorHandle(url, Verbs(server.world), thread)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        running, self._running = self._running, None
        if running is not None and running.thread is not None:
            try:
                running.thread.run(running.server.stop())
            finally:
                running.thread.stop()
