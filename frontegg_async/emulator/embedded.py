"""`Emulator`: the emulator inside a program, awaiting or blocking."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Final

import attrs

from frontegg_async._values.json_values import JsonValue
from frontegg_async.emulator.admin.verbs import Verbs
from frontegg_async.emulator.behaviour.switches import DEFAULT, LOOSE
from frontegg_async.emulator.blocking_handle import EmulatorHandle
from frontegg_async.emulator.checks.arguments import MAX_PORT, flag, path, whole
from frontegg_async.emulator.handle import AsyncEmulatorHandle
from frontegg_async.emulator.http.allowed_hosts import check_allowed_hosts
from frontegg_async.emulator.http.server import EmulatorServer
from frontegg_async.emulator.server_thread import ServerThread
from frontegg_async.emulator.world.emulated_environment import EnvironmentSettings
from frontegg_async.emulator.world.journal import MAX_ENTRIES
from frontegg_async.emulator.world.seeds import read_seed
from frontegg_async.emulator.world.start import start_world

_TWICE: Final = "the emulator runs already: make another one"


@attrs.define(eq=False)
class _Running:
    server: EmulatorServer
    thread: ServerThread | None = None


class Emulator:
    """An emulator on a free port of the loopback interface, for as long as a ``with`` block lasts.

    ``async with Emulator() as emulator`` runs it in the event loop and gives awaitable verbs;
    ``with Emulator() as emulator`` runs it in a thread of its own and gives blocking ones.

    Args:
        seed: Tenants and users that are there from the start, as ``{"tenants": [...], "users": [...]}``.
        loose: Whether body fields that an operation does not have are ignored, not refused.
        rate_limit: Requests a minute on each route; by default it never limits.
        port: The port; a free one by default.
        persist: An SQLite file that keeps everything; the seed counts only while it has no data. By default what is in
            the emulator goes with it.
        allow_hosts: Names of this machine that requests may use as their host, beside ``localhost``, names below it and
            IP addresses: another process may find the emulator by them. All others are refused with 403.
        max_journal: How many requests the journal keeps, at least 1; older ones are dropped, and ``stats()`` counts
            them.

    Raises:
        ValueError: ``rate_limit``, ``port`` or ``max_journal`` is out of range, ``loose`` is no flag, ``persist`` no
            path, or ``allow_hosts`` has something else than plain names; on entering: the seed does not fit.
        ConfigurationError: On entering: the persistence file cannot be used.
        MissingExtraError: On entering: ``frontegg-async[emulator]`` is not installed.
        OSError: On entering: the port is in use.
    """

    def __init__(
        self,
        *,
        seed: Mapping[str, JsonValue] | None = None,
        loose: bool = False,
        rate_limit: int | None = None,
        port: int = 0,
        persist: Path | str | None = None,
        allow_hosts: Iterable[str] = (),
        max_journal: int = MAX_ENTRIES,
    ) -> None:
        self._seed = seed
        self._settings = EnvironmentSettings(
            rate_limit=rate_limit, behaviour=LOOSE if flag(loose, "loose") else DEFAULT
        )
        self._port = whole(port, "port", 0, MAX_PORT)
        self._persist = None if persist is None else path(persist, "persist")
        self._max_journal = whole(max_journal, "max_journal", 1)
        self._allow_hosts = check_allowed_hosts(allow_hosts)
        self._running: _Running | None = None

    def _make(self) -> EmulatorServer:
        seed = None if self._seed is None else read_seed(self._seed)
        beginning = start_world(self._settings, seed=seed, persist=self._persist, max_journal=self._max_journal)
        return EmulatorServer(beginning.world, self._allow_hosts)

    async def __aenter__(self) -> AsyncEmulatorHandle:
        if self._running is not None:
            raise RuntimeError(_TWICE)
        server = await asyncio.to_thread(self._make)  # the first key of a process and a large file take a moment
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
