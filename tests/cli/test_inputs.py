"""Files and standard input are read in bounded memory, also where they have no end."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from frontegg_async.emulator.blocking_handle import EmulatorHandle
from tests.cli.conftest import Run

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

ROW = 2**20
TEXT = 16 * ROW


class Endless(io.RawIOBase):
    """A line without an end, of which nobody may read much."""

    def __init__(self) -> None:
        self._left = 2 * TEXT

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        view = memoryview(buffer)
        view[:] = bytes(len(view))
        self._left -= len(view)
        if self._left < 0:
            raise AssertionError("too much is read")
        return len(view)


@pytest.fixture
def directory(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Work in a directory of its own."""
    monkeypatch.chdir(tmp_path)


@pytest.mark.usefixtures("directory")
@pytest.mark.parametrize(
    ("command", "limit"),
    [
        ("tenants lock -", ROW),
        ("tenants delete - --yes", ROW),
        ("api POST /tenants/resources/tenants/v1 --body -", TEXT),
        ("bulk run create - --ledger ledger", TEXT),
        ("bulk run create - --ledger ledger --on-bad-row report", TEXT),
    ],
)
def test_standard_input_without_an_end(
    run: Run, emulator: EmulatorHandle, monkeypatch: pytest.MonkeyPatch, command: str, limit: int
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(Endless())))
    ran = run(*command.split())
    assert ran.code == 2
    assert f"has more than {limit:,} " in ran.err
    assert "tenants.create" not in [entry.route for entry in emulator.journal()]


@pytest.mark.parametrize("option", ["--metadata", "--logo"])
def test_a_file_that_is_too_long(run: Run, tmp_path: Path, option: str) -> None:
    path = tmp_path / "long"
    with path.open("wb") as file:
        file.truncate(TEXT + 1)
    ran = run("tenants", "update", "t1", option, f"@{path}")
    assert ran.code == 2
    assert f"{path}: the input has more than {TEXT:,} bytes" in ran.err


@pytest.mark.usefixtures("directory")
def test_a_row_that_is_too_long(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is refused as in a file."""
    rows = b'{"tenant_id": "' + b"a" * (3 * ROW) + b'"}\n{"tenant_id": "b", "name": "B"}\n'
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(rows)))
    ran = run("bulk", "run", "create", "-", "--ledger", "ledger")
    assert ran.code == 2
    assert f"standard input, line 1: the row has more than {ROW:,} bytes" in ran.err
