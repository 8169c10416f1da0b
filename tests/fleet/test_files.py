"""`FileTokenStore`: files for one user, replaced atomically, and locked while a token is fetched."""

from __future__ import annotations

import asyncio
import contextlib
import copy
import fcntl
import json
import multiprocessing
import os
import pickle
import signal
import stat
import sys
import threading
from collections.abc import Generator
from multiprocessing.synchronize import Barrier
from pathlib import Path

import attrs
import pytest
from cryptography.fernet import Fernet

from frontegg_async._values.secret import Secret
from frontegg_async.emulator import EmulatorHandle
from frontegg_async.errors import ConfigurationError, MissingExtraError
from frontegg_async.fleet.files import FileTokenStore
from frontegg_async.fleet.tokens import StoredToken
from frontegg_sync import Frontegg
from tests.support.clients import FakeClock

pytestmark = pytest.mark.anyio

NAME = "a1"
TOKEN = StoredToken(Secret("canary"), 1_000.0, 900.0)


@attrs.frozen
class Kept:
    """A store with a clock of the test's, and its directory."""

    directory: Path
    clock: FakeClock
    key: bytes | None = None

    def store(self) -> FileTokenStore:
        """Return another store for the same directory."""
        return FileTokenStore(self.directory, encryption_key=self.key, clock=self.clock.wall)


@pytest.fixture(params=[None, Fernet.generate_key()], ids=["plain", "encrypted"])
def kept(request: pytest.FixtureRequest, tmp_path: Path, clock: FakeClock) -> Kept:
    """Return a directory with and without encryption."""
    return Kept(tmp_path / "tokens", clock, request.param)


async def test_a_token_is_there_for_others(kept: Kept) -> None:
    """With what is left of its life by the clock of the host."""
    store = kept.store()
    assert await store.get(NAME) is None
    await store.put(NAME, TOKEN)
    kept.clock.now += 100
    found = await kept.store().get(NAME)
    assert found is not None
    assert (found.value.reveal(), found.life, found.left) == ("canary", 1_000.0, 800.0)
    kept.clock.now += 800
    assert await store.get(NAME) is None
    await store.put(NAME, StoredToken(Secret("next"), 10.0, 10.0))
    again = await kept.store().get(NAME)
    assert again is not None
    assert again.value.reveal() == "next"


async def test_only_the_user_may_read(kept: Kept) -> None:
    """Directory and files are for one, and nothing else is left."""
    store = kept.store()
    await store.put(NAME, TOKEN)
    await store.release(NAME, await store.acquire(NAME, 1.0))
    assert stat.S_IMODE(kept.directory.stat().st_mode) == 0o700
    files = sorted(kept.directory.iterdir())
    assert [file.name for file in files] == ["a1.lock", "a1.token"]
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert (b"canary" in files[1].read_bytes()) is (kept.key is None)


async def test_a_lease_is_for_one(kept: Kept) -> None:
    """Until it is given back."""
    store, other = kept.store(), kept.store()
    lease = await store.acquire(NAME, 1.0)
    assert lease is not None
    assert await other.acquire(NAME, 1.0) is None
    await other.wait(NAME, 0.0)
    await store.release(NAME, lease)
    await store.release(NAME, None)
    again = await other.acquire(NAME, 1.0)
    assert again is not None
    await other.release(NAME, again)


HUGE = b'{"name": "a1", "token": "x", "life": 1' + b"0" * 400 + b', "ends": 1}'


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"null", b'{"name": "a1"}', b"\xff", b"[" * 60_000, HUGE])
async def test_what_is_no_token_is_none(kept: Kept, content: bytes) -> None:
    """Whatever a file has in it, it is fetched anew."""
    store = kept.store()
    (kept.directory / "a1.token").write_bytes(content)
    assert await store.get(NAME) is None


@pytest.mark.parametrize(
    "change",
    [{"name": "b2"}, {"token": 1}, {"life": "1"}, {"ends": None}, {"ends": 10**400}],
    ids=["name", "token", "life", "ends", "huge"],
)
async def test_a_file_of_another_environment_is_not_taken(tmp_path: Path, change: dict[str, object]) -> None:
    """A file says what it is for."""
    fields = {"name": NAME, "token": "t", "life": 10.0, "ends": 9e12, **change}
    store = FileTokenStore(tmp_path / "d")
    (tmp_path / "d" / "a1.token").write_text(json.dumps(fields), encoding="utf-8")
    assert await store.get(NAME) is None


async def test_an_encrypted_file_of_another_is_not_taken(tmp_path: Path, clock: FakeClock) -> None:
    """Neither under another name, nor with another key; with one more key before it, it is."""
    old, new = Fernet.generate_key(), Fernet.generate_key()
    store = Kept(tmp_path, clock, old).store()
    await store.put(NAME, TOKEN)
    (tmp_path / "b2.token").write_bytes((tmp_path / "a1.token").read_bytes())
    assert await store.get("b2") is None
    assert await Kept(tmp_path, clock, new).store().get(NAME) is None
    rotated = FileTokenStore(tmp_path, encryption_key=[new, old], clock=clock.wall)
    assert await rotated.get(NAME) is not None


async def test_links_lead_nowhere(kept: Kept, tmp_path: Path) -> None:
    """A link in the directory is not followed."""
    store = kept.store()
    (tmp_path / "elsewhere").write_text("{}", encoding="utf-8")
    (kept.directory / "a1.token").symlink_to(tmp_path / "elsewhere")
    (kept.directory / "a1.lock").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError, match="symbolic links"):
        await store.get(NAME)
    with pytest.raises(OSError, match="symbolic links"):
        await store.acquire(NAME, 1.0)


async def test_a_file_of_another_user_is_not_taken(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever may write to the directory could have put it there."""
    store = kept.store()
    await store.put(NAME, TOKEN)
    monkeypatch.setattr(os, "geteuid", lambda: -1)
    assert await store.get(NAME) is None


async def test_a_lock_that_fails_is_closed(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk without locks is told of, and no file stays open."""

    def refuse(descriptor: int, operation: int) -> None:
        raise OSError(37, "No locks available", str((descriptor, operation)))

    monkeypatch.setattr(fcntl, "flock", refuse)
    with pytest.raises(OSError, match="No locks"):
        await kept.store().acquire(NAME, 1.0)


@contextlib.contextmanager
def _child() -> Generator[int]:
    """Fork a child that does nothing until it is killed; yields its id."""
    there, here = os.pipe()
    child = os.fork()
    if not child:
        try:
            os.write(here, b"\0")
            signal.pause()
        finally:
            os._exit(1)
    try:
        os.read(there, 1)
        yield child
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(there)
        os.close(here)


def _open_files(process: int) -> set[Path]:
    return {file.readlink() for file in Path(f"/proc/{process}/fd").iterdir()}


@pytest.mark.each_python
@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
async def test_a_child_that_is_forked_meanwhile_has_no_lease(kept: Kept) -> None:
    """Neither after the parent gave it back, nor after the parent's end, though its files are the parent's."""
    store = kept.store()
    lease = await store.acquire(NAME, 1.0)
    with _child():
        await store.release(NAME, lease)
        again = await kept.store().acquire(NAME, 1.0)
        assert again is not None
    with _child() as child:
        assert kept.directory / "a1.lock" not in _open_files(child)
        assert await kept.store().acquire(NAME, 1.0) is None
    await store.release(NAME, again)


async def test_a_lease_that_nobody_waits_for_is_given_up(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    """The one who wanted it was cancelled, or had no more patience, while a thread took it."""
    flock = fcntl.flock
    is_there, goes_on, is_over = threading.Event(), threading.Event(), threading.Event()

    def slow(descriptor: int, operation: int) -> None:
        flock(descriptor, operation)
        if operation == fcntl.LOCK_UN:
            is_over.set()
        else:
            is_there.set()
            goes_on.wait()

    monkeypatch.setattr(fcntl, "flock", slow)
    task = asyncio.create_task(kept.store().acquire(NAME, 1.0))
    assert await asyncio.to_thread(is_there.wait, 30)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    goes_on.set()
    assert await asyncio.to_thread(is_over.wait, 30)
    assert await kept.store().acquire(NAME, 1.0) is not None


async def test_what_a_killed_process_left_is_removed(kept: Kept) -> None:
    """A file with a token that was not put in its place; not one that another process is about to put there."""
    store = kept.store()
    for name, age in (("a1.x1y2z3.new", 100), ("a1.u4v5w6.new", 1), ("b2.x1y2z3.new", 100)):
        (kept.directory / name).write_text("half", encoding="utf-8")
        os.utime(kept.directory / name, (kept.clock.wall() - age,) * 2)
    await store.put(NAME, TOKEN)
    left = sorted(file.name for file in kept.directory.iterdir())
    assert left == ["a1.token", "a1.u4v5w6.new", "b2.x1y2z3.new"]


async def test_two_processes_may_put_at_once(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither takes the file of the other for one that a killed process left, nor fails when it is gone."""
    store, other = kept.store(), kept.store()
    fsync, glob = os.fsync, Path.glob

    def put_meanwhile(descriptor: int) -> None:
        monkeypatch.setattr(os, "fsync", fsync)
        other._put(NAME, StoredToken(Secret("other"), 10.0, 10.0))
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", put_meanwhile)
    await store.put(NAME, TOKEN)
    found = await store.get(NAME)
    assert found is not None
    assert found.value.reveal() == "canary"
    monkeypatch.setattr(Path, "glob", lambda self, pattern: [*glob(self, pattern), self / "a1.gone.new"])
    await store.put(NAME, TOKEN)


@pytest.mark.parametrize("suffix", ["token", "lock"])
async def test_a_named_pipe_is_not_waited_for(kept: Kept, suffix: str) -> None:
    """A pipe in the place of a file is refused at once; to open it would wait until somebody opens its other end."""
    store = kept.store()
    os.mkfifo(kept.directory / f"a1.{suffix}")
    step = store.get(NAME) if suffix == "token" else store.acquire(NAME, 1.0)
    with pytest.raises(OSError, match="not a regular file"):
        async with asyncio.timeout(20):
            await step
    # The file is replaced as a whole, whatever it was.
    await store.put(NAME, TOKEN)
    assert await store.get(NAME) is not None


def test_no_pickle_has_the_key(tmp_path: Path) -> None:
    """A store without one can be sent to another process."""
    assert isinstance(pickle.loads(pickle.dumps(FileTokenStore(tmp_path))), FileTokenStore)
    keyed = FileTokenStore(tmp_path, encryption_key=Fernet.generate_key())
    for way in (pickle.dumps, copy.deepcopy):
        with pytest.raises(TypeError, match=r"^a store with an encryption key cannot be pickled or copied: make one "):
            way(keyed)


async def test_a_name_cannot_lead_away(kept: Kept) -> None:
    """Names are what we made of them."""
    for name in ("../x", "", "A", "a/b"):
        with pytest.raises(ValueError, match="hexadecimal"):
            await kept.store().get(name)


async def test_a_file_that_could_not_be_written_is_gone(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk leaves what was there, and nothing beside it."""
    store = kept.store()
    await store.put(NAME, TOKEN)

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device", descriptor)

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        await store.put(NAME, StoredToken(Secret("next"), 10.0, 10.0))
    assert [file.name for file in kept.directory.iterdir()] == ["a1.token"]
    assert await store.get(NAME) is not None


def test_bad_settings_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each says what is allowed."""
    with pytest.raises(ConfigurationError, match=r"^encryption_key must be a key from .*generate_key"):
        FileTokenStore(tmp_path, encryption_key="short")
    with pytest.raises(ConfigurationError, match=r"^encryption_key must be a key from "):
        FileTokenStore(tmp_path, encryption_key=[])
    for value in (None, "", b"bytes", 5):
        with pytest.raises(ConfigurationError, match=r"^directory must be the path of a directory, as text "):
            FileTokenStore(value)  # type: ignore[arg-type] # that is the point
    for text in ("a\0b", "a\ud800"):
        with pytest.raises(ConfigurationError, match=r"^directory '[^']*' cannot be used: it contains "):
            FileTokenStore(tmp_path / text)
    (tmp_path / "file").touch()
    with pytest.raises(ConfigurationError, match=r"^directory '.*' cannot be used: it is not a directory$"):
        FileTokenStore(tmp_path / "file")
    (tmp_path / "open").mkdir()
    (tmp_path / "open").chmod(0o777)
    with pytest.raises(ConfigurationError, match=r"^directory '[^']*' cannot be used: it must belong to this user"):
        FileTokenStore(tmp_path / "open")
    monkeypatch.setitem(sys.modules, "cryptography.fernet", None)
    with pytest.raises(
        MissingExtraError, match=r"^encryption_key needs cryptography: pip install 'frontegg-async\[jwt\]'"
    ):
        FileTokenStore(tmp_path, encryption_key=Fernet.generate_key())
    monkeypatch.setitem(sys.modules, "fcntl", None)
    with pytest.raises(ConfigurationError, match="file locks"):
        FileTokenStore(tmp_path)


def test_its_text_has_no_key(tmp_path: Path) -> None:
    """The directory is enough."""
    assert repr(FileTokenStore(tmp_path, encryption_key=Fernet.generate_key())) == f"FileTokenStore({str(tmp_path)!r})"


def _work(settings: tuple[str, str, str], directory: Path, barrier: Barrier) -> None:
    client_id, secret, url = settings
    with Frontegg(client_id, secret, base_url=url, token_store=FileTokenStore(directory)) as frontegg:
        barrier.wait(30)
        for _ in range(10):
            frontegg.tenants.list().first_page()


@pytest.mark.each_python
def test_processes_authenticate_once(frontegg_emulator: EmulatorHandle, tmp_path: Path) -> None:
    """Four processes that begin at the same moment need one authentication."""
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(4)
    settings = (frontegg_emulator.client_id, frontegg_emulator.secret, frontegg_emulator.url)
    processes = [context.Process(target=_work, args=(settings, tmp_path, barrier)) for _ in range(4)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    assert [process.exitcode for process in processes] == [0] * 4
    routes = [entry.route for entry in frontegg_emulator.journal()]
    assert (routes.count("auth.authenticate"), routes.count("tenants.list")) == (1, 40)
