"""The file with the last good snapshot: what it has, when it is used, and when it is refused."""

from __future__ import annotations

import json
import math
import os
import re
from pathlib import Path
from typing import Any, Final

import pytest

from frontegg_async import AsyncEntitlements, ConfigurationError
from frontegg_async.entitlements import Decision, EntitlementsEvent
from frontegg_async.entitlements.stale_file import StaleFile
from frontegg_async.errors import NotFoundError, ServerError, StaleEntitlementsError
from frontegg_async.options import Options
from tests.entitlements.stepped import Stepped

pytestmark = pytest.mark.anyio

_PATHS: Final = "/entitlements/*"
_DOWN: Final[Any] = {"type": "status", "status": 503}
_POSIX: Final = pytest.mark.skipif(os.name != "posix", reason="files have no owners and modes")
_NO_RETRIES: Final = Options(max_retries=0)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the file is."""
    return tmp_path / "entitlements.json"


def _content(path: Path) -> bytes:
    return path.read_bytes()


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def _chmod(path: Path, mode: int) -> None:
    path.chmod(mode)


def _mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def _give_away(path: Path) -> None:
    """Make a file that of another user: only root can, so others get a link to one of root."""
    if os.geteuid() == 0:
        os.chown(path, 65_534, 65_534)
    else:
        path.unlink()
        path.symlink_to("/etc/passwd")


def _inode(path: Path) -> int:
    return path.stat().st_ino


async def _keep(stepped: Stepped, path: Path, seconds: float = 0.0) -> None:
    """Have the file written by a client that is open for some seconds."""
    async with AsyncEntitlements(stepped.client, stale_file=path):
        await stepped.advance(seconds)


async def _fail(stepped: Stepped, status: int = 503) -> None:
    action = {"type": "status", "status": status}
    await stepped.emulator.add_fault(stage="before_commit", action=action, match={"path": _PATHS})


def _restarted(stepped: Stepped, seconds: float = 0.0) -> Stepped:
    """Return the client of another start of the program, some seconds later."""
    later = Stepped(stepped.emulator)
    later.clock.now = 5.0
    later.clock.wall_offset = stepped.clock.wall() + seconds - 5.0
    later.client = later.client.with_options(max_retries=0)
    return later


async def test_a_start_without_the_service(stepped: Stepped, path: Path) -> None:
    """The file is used, its age is shown, and the service is read as soon as it can be."""
    await _keep(stepped, path, 90.0)
    if os.name == "posix":
        assert _mode(path) == 0o600
    await _fail(stepped)
    later, events = _restarted(stepped, 1_000.0), list[EntitlementsEvent]()
    async with AsyncEntitlements(later.client, stale_file=path, on_event=events.append) as entitlements:
        assert entitlements.decide(tenant_id="acme", feature="reports") == Decision(True)
        assert (round(entitlements.age), entitlements.has_outage) == (1_000, True)
        await later.requests()
        await stepped.emulator.delete_faults()
        await later.advance(30.0)
        assert await later.requests() == ["whole"]
        assert (entitlements.age, entitlements.has_outage) == (0.0, False)
    assert [each.kind for each in events] == ["ready", "error", "recovered", "changed"]
    await later.client.aclose()


async def test_the_time_is_that_of_the_last_confirmation(stepped: Stepped, path: Path) -> None:
    """It is noted in the file without writing the snapshot again."""
    async with AsyncEntitlements(stepped.client, stale_file=path):
        await stepped.advance(10.0)
        first = _inode(path)
        await stepped.advance(3_600.0)
    await _fail(stepped)
    later = _restarted(stepped, 100.0)
    async with AsyncEntitlements(later.client, stale_file=path) as entitlements:
        assert 100 <= entitlements.age <= 130
    assert _inode(path) == first
    await later.client.aclose()


async def test_a_changed_snapshot_replaces_the_file(stepped: Stepped, path: Path) -> None:
    """It has the snapshot that the service sent last."""
    async with AsyncEntitlements(stepped.client, stale_file=path):
        await stepped.client.plan_assignments.remove(["a1"])
        await stepped.advance(30.0)
    _, _, body = _content(path).partition(b"\n")
    assert json.loads(body)["data"]["entitlements"] == []


@pytest.mark.parametrize("ahead", [60.0, 1e9])
async def test_a_time_in_the_future_makes_the_age_unknown(stepped: Stepped, path: Path, ahead: float) -> None:
    """A clock was set back: nobody knows how old the snapshot is."""
    await _keep(stepped, path)
    await _fail(stepped)
    later = _restarted(stepped, -ahead)
    async with AsyncEntitlements(later.client, stale_file=path) as entitlements:
        assert entitlements.age == math.inf
        assert entitlements.decide(tenant_id="acme", feature="reports") == Decision(True)
    with pytest.raises(ServerError) as raised:
        await AsyncEntitlements(later.client, stale_file=path, max_age=3_600).open()
    assert raised.value.__notes__ == ["stale_file was not used: its snapshot is older than max_age, or of unknown age"]
    await later.client.aclose()


async def test_a_file_older_than_max_age_is_not_used(stepped: Stepped, path: Path) -> None:
    """One that becomes so while it is used decides nothing any more."""
    await _keep(stepped, path)
    await _fail(stepped)
    later = _restarted(stepped, 3_000.0)
    async with AsyncEntitlements(later.client, stale_file=path, max_age=3_600) as entitlements:
        assert entitlements.decide(tenant_id="acme", feature="reports") == Decision(True)
        await later.advance(700.0)
        with pytest.raises(StaleEntitlementsError):
            entitlements.decide(tenant_id="acme", feature="reports")
    with pytest.raises(ServerError):
        await AsyncEntitlements(later.client, stale_file=path, max_age=3_600).open()
    await later.client.aclose()


@pytest.mark.parametrize(
    ("pattern", "replacement", "message"),
    [
        (rb"(?s).{9}\Z", b"", "is damaged: the file is not complete, or was changed"),
        (rb'"reports"', b'"exports"', "is damaged: the file is not complete, or was changed"),
        (rb'("confirmed_at": "....)-..', rb"\1-99", "is damaged: confirmed_at is not a time"),
        (rb'"confirmed_at": "[^"]*"', b'"confirmed_at": "yesterday"', "is damaged: its first line is not complete"),
        (rb"(?s)(.{100}).*", rb"\1", "is damaged: its first line is not complete"),
        (rb"(?s)(.{9}).*", rb"\1", "is damaged: its first line is not complete"),
        (rb"(?s).*", b"", "is damaged: its first line is not complete"),
    ],
)
async def test_a_broken_file_is_refused(
    stepped: Stepped, path: Path, pattern: bytes, replacement: bytes, message: str
) -> None:
    """The error is that of the service, and a note says what is wrong with the file."""
    await _keep(stepped, path)
    _write(path, re.sub(pattern, replacement, _content(path), count=1))
    await _fail(stepped)
    later = _restarted(stepped)
    with pytest.raises(ServerError) as raised:
        await AsyncEntitlements(later.client, stale_file=path).open()
    (note,) = raised.value.__notes__
    assert note.startswith("stale_file was not used: ")
    assert message in note
    await stepped.emulator.delete_faults()
    await _keep(later, path)
    assert b'"reports"' in _content(path)
    await later.client.aclose()


async def test_a_missing_file_is_named(stepped: Stepped, path: Path) -> None:
    """The first start has none."""
    await _fail(stepped)
    later = _restarted(stepped)
    with pytest.raises(ServerError) as raised:
        await AsyncEntitlements(later.client, stale_file=path).open()
    assert "cannot be read: No such file" in raised.value.__notes__[0]
    await later.client.aclose()


async def test_no_file_makes_up_for_a_refusal(stepped: Stepped, path: Path) -> None:
    """The service responded: this environment has no entitlements."""
    await _keep(stepped, path)
    await _fail(stepped, 404)
    later = _restarted(stepped)
    with pytest.raises(NotFoundError):
        await AsyncEntitlements(later.client, stale_file=path).open()
    await later.client.aclose()


async def test_a_file_of_another_environment_is_not_touched(stepped: Stepped, path: Path) -> None:
    """The message names both, whether the service can be read or not."""
    await _keep(stepped, path)
    before = _content(path)
    other = Stepped(await stepped.emulator.create_environment())
    for fails in (False, True):
        if fails:
            await _fail(other)
        with pytest.raises(ConfigurationError) as raised:
            await AsyncEntitlements(other.client, stale_file=path).open()
        assert f"belongs to another environment, {stepped.emulator.client_id} at http" in str(raised.value)
        assert f"and not to {other.emulator.client_id} at http" in str(raised.value)
    assert _content(path) == before
    await other.client.aclose()


@pytest.mark.parametrize("content", [b"# my notes\n", b'{"format": "frontegg-plan/1"}\n', b"[" * 8_000, b"\x80\xff"])
async def test_a_file_of_another_program_is_not_touched(stepped: Stepped, path: Path, content: bytes) -> None:
    """A path may be mistyped."""
    _write(path, content)
    message = r"stale_file: .* is not a file of entitlements .*, and is not changed"
    with pytest.raises(ConfigurationError, match=message):
        await AsyncEntitlements(stepped.client, stale_file=path).open()
    assert _content(path) == content


@_POSIX
async def test_a_file_of_another_user_is_neither_believed_nor_touched(stepped: Stepped, path: Path) -> None:
    """Its owner can write what they like into it."""
    await _keep(stepped, path)
    _give_away(path)
    before = _content(path)
    with pytest.raises(ConfigurationError, match=r"stale_file: .* belongs to another user: it must belong to"):
        await AsyncEntitlements(stepped.client, stale_file=path).open()
    assert _content(path) == before


@_POSIX
@pytest.mark.parametrize("mode", [0o620, 0o602])
async def test_a_file_that_others_may_write_is_not_believed(stepped: Stepped, path: Path, mode: int) -> None:
    """They could give themselves any plan."""
    await _keep(stepped, path)
    _chmod(path, mode)
    await _fail(stepped)
    later = _restarted(stepped)
    with pytest.raises(ServerError) as caught:
        await AsyncEntitlements(later.client, stale_file=path).open()
    assert "writable only by its owner (chmod 600)" in caught.value.__notes__[-1]
    await later.client.aclose()
    await stepped.emulator.delete_faults()
    await _keep(stepped, path)
    assert _mode(path) == 0o600


async def test_a_time_of_a_wrong_clock_is_corrected(stepped: Stepped, path: Path) -> None:
    """A machine began with a clock that was a year ahead."""
    right = stepped.clock.wall_offset
    stepped.clock.wall_offset += 365 * 86_400
    async with AsyncEntitlements(stepped.client, stale_file=path):
        await stepped.advance(30.0)
        stepped.clock.wall_offset = right
        await stepped.advance(60.0)
    await _fail(stepped)
    later = _restarted(stepped, 100.0)
    async with AsyncEntitlements(later.client, stale_file=path, max_age=3_600) as entitlements:
        assert 100 <= entitlements.age <= 130
    await later.client.aclose()


def test_the_read_that_began_last_wins(path: Path) -> None:
    """A file with another offset stays if it was confirmed later, unless that is in the future."""
    file = StaleFile(path, "a")
    file.write(b"new", 5, 100.0, 101.0)
    file.write(b"old", 4, 99.0, 102.0)
    assert file.read().body == b"new"
    assert file.confirm(4, 99.0, 102.0)
    assert not file.confirm(4, 101.0, 102.0)
    file.write(b"newer", "6", 103.0, 104.0)
    assert (file.read().body, file.read().confirmed_at) == (b"newer", 103.0)
    file.write(b"clock", 7, 90.0, 91.0)
    assert (file.read().body, file.read().confirmed_at) == (b"clock", 90.0)


def test_an_offset_of_any_length(path: Path) -> None:
    """It is compared as a whole, and the first line stays short."""
    file, offset = StaleFile(path, "a"), "x" * 100_000
    file.write(b"{}", offset, 1.0, 1.0)
    file.check()
    assert file.confirm(offset, 2.0, 2.0)
    assert not file.confirm(offset + "y", 3.0, 3.0)
    assert file.read().confirmed_at == 2.0
    assert len(_content(path)) < 500
