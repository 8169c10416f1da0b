"""The file while entitlements are open: where it cannot be, and what happens if it cannot be written."""

from __future__ import annotations

import asyncio
import gc
import json
import os
import shutil
import time
from pathlib import Path
from typing import Final

import pytest
import re2

from frontegg_async import AsyncEntitlements, ConfigurationError
from frontegg_async._core.runtime.clocks import Clocks
from frontegg_async.emulator import AsyncEmulatorHandle
from frontegg_async.entitlements.file_keeper import FileKeeper
from frontegg_async.entitlements.reading import parse
from frontegg_async.entitlements.shared import Confirmed, logger
from frontegg_async.entitlements.stale_file import StaleFile
from tests.entitlements.stepped import Stepped
from tests.support.clients import FakeClock

pytestmark = pytest.mark.anyio

_POSIX: Final = pytest.mark.skipif(os.name != "posix", reason="these are names of POSIX")
_BEGINNING: Final = b'{"format": "frontegg-entitlements/1"'


def _content(path: Path) -> bytes:
    return path.read_bytes()


def _remove(path: Path) -> None:
    path.unlink()


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def _mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def _inode(path: Path) -> int:
    return path.stat().st_ino


def _chmod(path: Path, mode: int) -> None:
    path.chmod(mode)


def _make(folder: Path) -> None:
    folder.mkdir()


def _warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [each.message.partition(": ")[2].partition(": ")[0] for each in caplog.records if each.name == logger.name]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The directory of the file, which comes and goes."""
    folder = tmp_path / "folder"
    _make(folder)
    return folder


@pytest.fixture
def path(folder: Path) -> Path:
    """Where the file is."""
    return folder / "entitlements.json"


async def test_places_where_no_file_can_be(stepped: Stepped, tmp_path: Path) -> None:
    """They are refused at the start."""
    for place, message in ((tmp_path, "is not a regular file"), (tmp_path / "a" / "b", "there is no directory")):
        with pytest.raises(ConfigurationError, match=message):
            await AsyncEntitlements(stepped.client, stale_file=place).open()


@_POSIX
async def test_paths_that_the_system_refuses(stepped: Stepped, tmp_path: Path) -> None:
    """The error is the SDK's own."""
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    for place in (tmp_path / ("a" * 300), loop):
        with pytest.raises(ConfigurationError, match=r"stale_file: .* cannot be read: "):
            await AsyncEntitlements(stepped.client, stale_file=place).open()
    with pytest.raises(ConfigurationError, match="stale_file must be a valid path"):
        AsyncEntitlements(stepped.client, stale_file="a\ud800b")


async def test_a_file_that_cannot_be_written(stepped: Stepped, folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    """There is one warning, and the file is written as soon as it can be."""
    async with AsyncEntitlements(stepped.client, stale_file=folder / "file") as entitlements:
        await stepped.advance(1.0)
        shutil.rmtree(folder)
        await stepped.client.plan_assignments.remove(["a1"])
        await stepped.advance(300.0)
        assert entitlements.features_of(tenant_id="acme") == frozenset()
        assert _warnings(caplog) == ["stale_file cannot be written"]
        _make(folder)
        await stepped.advance(30.0)
    assert _content(folder / "file").startswith(_BEGINNING)


async def test_a_file_whose_directory_has_gone_takes_no_reads(stepped: Stepped, folder: Path) -> None:
    """The client keeps what it could not write."""
    async with AsyncEntitlements(stepped.client, stale_file=folder / "file"):
        await stepped.advance(1.0)
        shutil.rmtree(folder)
        await stepped.advance(60.0)
        await stepped.requests()
        await stepped.advance(300.0)
        assert set(await stepped.requests()) == {"offset"}
        _make(folder)
        await stepped.advance(30.0)
    assert _content(folder / "file").startswith(_BEGINNING)


async def test_no_failure_ends_the_task(stepped: Stepped, folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A clock has a year of five digits, which the file cannot have."""
    async with AsyncEntitlements(stepped.client, stale_file=folder / "file"):
        await stepped.advance(1.0)
        before, right = _content(folder / "file"), stepped.clock.wall_offset
        stepped.clock.wall_offset = 1e12
        await stepped.advance(100.0)
        assert _warnings(caplog) == ["stale_file cannot be written"]
        stepped.clock.wall_offset = right
        await stepped.advance(60.0)
        assert _content(folder / "file") != before


async def test_a_relative_path_is_that_of_the_first_directory(
    stepped: Stepped, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Daemons change their directory."""
    monkeypatch.chdir(folder)
    entitlements = AsyncEntitlements(stepped.client, stale_file="file")
    monkeypatch.chdir(folder.parent)
    async with entitlements:
        await stepped.advance(30.0)
    assert _content(folder / "file").startswith(_BEGINNING)
    assert not (folder.parent / "file").exists()


async def test_a_file_that_was_removed_is_written_again(stepped: Stepped, path: Path) -> None:
    """That takes a read of the whole."""
    async with AsyncEntitlements(stepped.client, stale_file=path):
        await stepped.advance(1.0)
        _remove(path)
        await stepped.advance(100.0)
    assert _content(path)
    assert await stepped.requests() == ["whole", "offset", "whole", "offset"]


async def test_whoever_comes_later_gets_a_file_too(emulator: AsyncEmulatorHandle, stepped: Stepped, path: Path) -> None:
    """The snapshot is there already, and its text is read again for the file."""
    del emulator
    async with AsyncEntitlements(stepped.client), AsyncEntitlements(stepped.client, stale_file=path):
        await stepped.time.settle(2)
        await stepped.advance(60.0)
    assert await stepped.requests() == ["whole", "whole", "offset"]
    assert _content(path)


@_POSIX
async def test_modes_that_change_while_it_is_open(stepped: Stepped, path: Path) -> None:
    """What others may have written is replaced; what they could only read gets its mode back."""
    async with AsyncEntitlements(stepped.client, stale_file=path):
        await stepped.advance(30.0)
        ours, first = _content(path), _inode(path)
        _chmod(path, 0o644)
        await stepped.advance(30.0)
        assert (_mode(path), _inode(path)) == (0o600, first)
        _write(path, ours.replace(b"acme", b"evil"))
        _chmod(path, 0o666)
        await stepped.advance(60.0)
        assert (_mode(path), b"evil" in _content(path)) == (0o600, False)


async def test_an_older_snapshot_of_another_process_is_replaced(stepped: Stepped, path: Path) -> None:
    """A slow process wrote after a quick one, which still has the newer snapshot."""
    async with AsyncEntitlements(stepped.client, stale_file=path):
        await stepped.advance(1.0)
        wall = stepped.clock.wall()
        other = StaleFile(path, stepped.client._environment.name)
        other.write(b'{"old": 1}', 0, wall - 0.5, wall)
        assert b"old" in _content(path)
        await stepped.advance(60.0)
        assert b"reports" in _content(path)
    assert await stepped.requests() == ["whole", "offset", "whole"]


def test_a_loop_that_was_closed_during_a_write(path: Path) -> None:
    """In another loop the file is written again."""
    clock = FakeClock()
    keeper = FileKeeper(StaleFile(path, "a"), Clocks(monotonic=clock.monotonic, wall=clock.wall, rng=lambda: 0.5))

    async def keep(offset: int, *, waits: bool) -> None:
        rows: dict[str, list[str]] = {"features": [], "featureBundles": [], "entitlements": [], "featureFlags": []}
        body = json.dumps({"data": rows, "snapshotOffset": offset}).encode()
        keeper.keep(Confirmed(parse(body, re2).snapshot, clock.now), body)
        await asyncio.sleep(0)
        if waits:
            await keeper.drain()

    loop = asyncio.new_event_loop()
    loop.run_until_complete(keep(1, waits=False))
    loop.close()
    while not path.exists():  # the thread goes on
        time.sleep(0)
    clock.now += 30.0
    asyncio.run(keep(2, waits=True))
    assert json.loads(StaleFile(path, "a").read().body)["snapshotOffset"] == 2
    gc.collect()  # the lost task says so, in no other test
