"""Each argument that is a path, and paths that no file can be read from or written to."""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from typing import Final

import pytest

from frontegg_async import FileTokenStore, diff
from frontegg_async.bulk.operations import OPERATIONS
from frontegg_async.bulk.rows import read_chunks
from frontegg_async.bulk.stores import read_report
from frontegg_async.emulator import EmulatorHandle
from frontegg_async.errors import ConfigurationError, InvalidArgumentError, UnusableLedgerError, UnusableRowsError
from frontegg_sync import Frontegg
from frontegg_sync.bulk import BulkReport

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="its paths are others")


@pytest.fixture(scope="module")
def client(frontegg_emulator_server: EmulatorHandle) -> Iterator[Frontegg]:
    """A client."""
    server = frontegg_emulator_server
    with Frontegg(server.client_id, server.secret, base_url=server.url) as found:
        yield found


@pytest.fixture(scope="module")
def report(client: Frontegg, tmp_path_factory: pytest.TempPathFactory) -> BulkReport:
    """The report of a job."""
    return client.bulk.create([{"name": "A"}], ledger=tmp_path_factory.mktemp("ledger") / "ledger.db")


def _loop(directory: Path, name: str) -> Path:
    (directory / name).symlink_to(directory / "other")
    (directory / "other").symlink_to(directory / name)
    return directory / name


def _below_loop(directory: Path, name: str) -> Path:
    return _loop(directory, "directory") / name


def _directory(directory: Path, name: str) -> Path:
    (directory / name).mkdir()
    return directory / name


def _below_file(directory: Path, name: str) -> Path:
    (directory / "file").touch()
    return directory / "file" / name


def _forbidden(directory: Path, name: str) -> Path:
    if os.geteuid() == 0:
        pytest.skip("root may do everything")
    (directory / "closed").mkdir(mode=0)
    return directory / "closed" / name


def _pipe(directory: Path, name: str) -> Path:
    os.mkfifo(directory / name)
    return directory / name


def _device(directory: Path, name: str) -> Path:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    (directory / name).symlink_to("/dev/full")
    return directory / name


_KINDS: Final[dict[str, Callable[[Path, str], Path]]] = {
    "a loop": _loop,
    "below a loop": _below_loop,
    "a directory": _directory,
    "below a file": _below_file,
    "nowhere": lambda directory, name: directory / "none" / "there" / name,
    "forbidden": _forbidden,
    "a long name": lambda directory, name: directory / f"{'x' * 300}{name}",
    "a pipe": _pipe,
    "a device": _device,
}


async def _read_rows(path: Path) -> None:
    async for _ in read_chunks(path, OPERATIONS["create"]):
        pass


_USES: Final[dict[str, tuple[str, type[Exception], Callable[[Frontegg, BulkReport, Path], object]]]] = {
    "an export": ("a.jsonl", OSError, lambda client, _, path: client.export(path)),
    "an export in CSV": ("a.csv", OSError, lambda client, _, path: client.export(path)),
    "a comparison": ("a.jsonl", OSError, lambda _, __, path: list(diff(path, path))),
    "a comparison of CSV": ("a.csv", OSError, lambda _, __, path: list(diff(path, path))),
    "a comparison of YAML": ("a.yml", OSError, lambda _, __, path: list(diff(path, path))),
    "a comparison with what is there": ("a.csv", OSError, lambda client, _, path: client.diff(path)),
    "rows": ("a.csv", UnusableRowsError, lambda _, __, path: asyncio.run(_read_rows(path))),
    "rows of JSON": ("a.jsonl", UnusableRowsError, lambda _, __, path: asyncio.run(_read_rows(path))),
    "a ledger": ("a.db", UnusableLedgerError, lambda client, _, path: client.bulk.create([{"name": "A"}], ledger=path)),
    "a ledger to resume": ("a.db", UnusableLedgerError, lambda client, _, path: client.bulk.resume(path)),
    "a ledger to read": ("a.db", UnusableLedgerError, lambda _, __, path: read_report(path)),
    "a report": ("a.csv", OSError, lambda _, report, path: report.to_csv(path)),
    "a report in JSON": ("a.json", OSError, lambda _, report, path: report.to_json(path)),
    "a token store": ("tokens", ConfigurationError, lambda _, __, path: FileTokenStore(path)),
}
_FINE: Final = {
    ("a token store", "a directory"),
    ("a token store", "nowhere"),
    # Pipes are for one reader and one writer, who wait for each other.
    ("rows", "a pipe"),
    ("rows of JSON", "a pipe"),
    ("a report", "a pipe"),
    ("a report in JSON", "a pipe"),
}


@pytest.mark.parametrize(("use", "kind"), [pair for pair in product(_USES, _KINDS) if pair not in _FINE])
def test_an_error_of_a_path_has_the_path(
    client: Frontegg, report: BulkReport, tmp_path: Path, use: str, kind: str
) -> None:
    """It is of the documented kind, and nothing waits, is read without an end, or is left behind."""
    name, expected, call = _USES[use]
    path = _KINDS[kind](tmp_path, name)
    before = {*tmp_path.iterdir()}
    failures: list[BaseException] = []

    def run() -> None:
        try:
            call(client, report, path)
        except Exception as error:  # noqa: BLE001 - it is looked at below
            failures.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(30)

    assert [isinstance(each, expected) for each in failures] == [True], failures
    assert str(path) in str(failures[0]) or str(path.resolve()) in str(failures[0])
    assert {*tmp_path.iterdir()} == before


@pytest.mark.parametrize("text", ["", "\n", "name\r\n", "created_at,tenant_i", "\ufeff"])
def test_a_csv_file_without_the_names_of_columns_is_no_export(client: Frontegg, tmp_path: Path, text: str) -> None:
    """All accounts would count as deleted."""
    path = tmp_path / "a.csv"
    path.write_text(text, encoding="utf-8")
    whole = tmp_path / "b.csv"
    client.export(whole)

    for call in (lambda: list(diff(path, whole)), lambda: list(diff(whole, path)), lambda: client.diff(path)):
        with pytest.raises(InvalidArgumentError, match=r"a\.csv is not a complete export"):
            call()
