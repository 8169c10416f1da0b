"""Files that cannot be read are faults, and sources that are none are errors of the caller."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from frontegg_async.errors import FilesError, InvalidArgumentError
from frontegg_async.plans.environment_files.environment_files import read_environment_files
from frontegg_async.plans.files.places import MAX_ROW
from tests.plans.environment_files.reading import FORMAT, faults_of, values_of


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    """All are reported."""
    (tmp_path / "e.yml").write_text(FORMAT, encoding="utf-8")
    (tmp_path / "big.yml").write_text(" " * (MAX_ROW + 1), encoding="utf-8")
    (tmp_path / "wide.yml").write_text(FORMAT, encoding="utf-16")
    (tmp_path / "bytes.json").write_bytes(b'{"format": "\xff"}')
    (tmp_path / "directory.json").mkdir()
    names = ("missing.yml", "e.yml", "directory.json", "e.yml", "e.jsonl", "big.yml", "wide.yml", "bytes.json")
    with pytest.raises(FilesError) as caught:
        read_environment_files([tmp_path / name for name in names], {})
    assert [str(fault).replace(f"{tmp_path}{os.sep}", "") for fault in caught.value.faults] == [
        "missing.yml: the file cannot be read: No such file or directory",
        "directory.json: the file cannot be read: Is a directory",
        "e.yml: the file is given twice",
        "e.jsonl: the name of the file must end in .json, .yml, .yaml",
        "big.yml: the file has more than 4,194,304 bytes",
        "wide.yml: the file is UTF-16: save it as UTF-8",
        "bytes.json:1:13: the text is not UTF-8",
    ]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pipes with names")
def test_pipes_are_not_read(tmp_path: Path) -> None:
    """Without waiting for one who writes."""
    os.mkfifo(tmp_path / "pipe.yml")
    with pytest.raises(FilesError, match="not a regular file"):
        read_environment_files([tmp_path / "pipe.yml"], {})


@pytest.mark.parametrize(
    ("sources", "message"),
    [
        ("e.yml", "sources must be a list"),
        ({}, "sources must be a list"),
        ([3], "sources must contain only paths and mappings, not int"),
        ([os.fsencode("e.yml")], "sources must contain only paths and mappings, not bytes"),
    ],
)
def test_sources_that_are_none(sources: object, message: str) -> None:
    """They are no faults of files."""
    with pytest.raises(InvalidArgumentError, match=message):
        read_environment_files(sources, {})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("mapping", "message"),
    [
        ({"roles": {1: {}}}, r"environment\['roles'\] has a key of type int: keys must be text"),
        ({"roles": {"a": {"level": 10**30}}}, r"environment\['roles'\]\['a'\]\['level'\] must be a whole number"),
        ({"roles": {"a": {"name": {1}}}}, r"environment\['roles'\]\['a'\]\['name'\] is of type set"),
    ],
)
def test_mappings_that_json_cannot_hold(mapping: dict[str, object], message: str) -> None:
    """The place is in the message."""
    with pytest.raises(FilesError, match=message):
        read_environment_files([mapping], {})


def test_deep_values(tmp_path: Path) -> None:
    """A file has at most 128 levels."""
    text = FORMAT + "applications:\n  a:\n    metadata: " + '{"a": ' * 130
    assert faults_of(tmp_path, {"e.yml": text}) == ["4:771: the row is nested deeper than 128 levels"]


@pytest.mark.slow
def test_a_file_with_many_lines_has_places(tmp_path: Path) -> None:
    """Each object has its line."""
    lines = "".join(f'"r{number}": {{"level": {number}}},\n' for number in range(2_000))
    path = tmp_path / "e.json"
    path.write_text(
        f'{{"format": "frontegg-environment/1", "roles": {{\n{lines}"last": {{}}}}}}', encoding="utf-8", newline="\n"
    )
    files = read_environment_files([path], {})
    assert files.objects["roles"]["r1234"].why == "e.json:1236"
    assert len(values_of(files)["roles"]) == 2_001
