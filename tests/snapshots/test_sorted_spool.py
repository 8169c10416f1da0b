"""`SortedSpool` returns the rows that it took, sorted, and finds keys that came twice."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

import pytest

from frontegg_async.snapshots.sorted_spool import SortedSpool


def spooled(keys: Sequence[str], run: int) -> tuple[list[tuple[str, bytes]], str | None]:
    """Return what comes back of rows that are added two at a time, and a key that came twice. Rows are read twice."""
    with SortedSpool(run=run) as spool:
        for start in range(0, len(keys), 2):
            two = keys[start : start + 2]
            spool.add(two, [key.encode() for key in two])
            if spool.is_full:
                spool.spill()
        whole = spool.whole()
        assert whole is None or [*map(str.encode, whole)] == [*whole.values()]
        next(spool.sorted(), None)
        return [row for part in spool.sorted() for row in zip(*part, strict=True)], spool.repeated


@pytest.mark.parametrize("run", [1, 5_000, 10**6])
@pytest.mark.parametrize("count", [0, 1, 3, 150])
def test_rows_come_back_in_the_order_of_their_keys(run: int, count: int) -> None:
    """However many of them are sorted at a time."""
    keys = [f"é{number}" for number in range(count)]
    random.Random(7).shuffle(keys)

    assert spooled(keys, run) == ([(key, key.encode()) for key in sorted(keys)], None)


@pytest.mark.parametrize("run", [1, 5_000, 10**6])
def test_a_key_that_came_twice_is_found(run: int) -> None:
    """Next to the first or far from it; it comes back once."""
    keys = [f"{number:03}" for number in range(200)]

    for place in (2, 100, 200):
        found, repeated = spooled([*keys[:place], "000", *keys[place:]], run)
        assert ([key for key, _ in found], repeated) == (keys, "000")


def test_an_error_names_the_file_that_is_written(tmp_path: Path) -> None:
    """Nobody knows the temporary file."""
    with SortedSpool(tmp_path / "missing", path=tmp_path / "accounts.jsonl") as spool:
        spool.add(["a"], [b"a"])
        with pytest.raises(FileNotFoundError) as raised:
            spool.spill()
    assert raised.value.filename == str(tmp_path / "accounts.jsonl")
