"""`ReplacedFile` has a name when it is complete, and not before."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from frontegg_async._core.runtime import replaced_file
from frontegg_async._core.runtime.replaced_file import ReplacedFile


@pytest.mark.parametrize(
    "may_be_unnamed",
    [
        pytest.param(True, marks=pytest.mark.skipif(sys.platform != "linux", reason="needs files without names")),
        False,
    ],
)
def test_what_is_left_of_a_process_that_is_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, may_be_unnamed: bool
) -> None:
    """Nothing where files need no names, and elsewhere a file that cannot be taken for the complete one."""
    if not may_be_unnamed:
        monkeypatch.setattr(replaced_file, "_UNNAMED", 0)
    path = tmp_path / "accounts.jsonl"
    path.write_bytes(b"earlier")
    file = ReplacedFile(path)

    file.open()
    file.write(b"later")

    left = {*tmp_path.iterdir()} - {path}
    assert len(left) == (not may_be_unnamed)
    assert all(each.name.startswith(".accounts.jsonl.") for each in left)
    file.commit()
    file.discard()
    assert [*tmp_path.iterdir()] == [path]
    assert path.read_bytes() == b"later"
