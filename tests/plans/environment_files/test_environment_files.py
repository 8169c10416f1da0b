"""Objects of several files: later ones are laid over earlier ones, and each value has its place."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frontegg_async._formats.json_text import indented_json
from frontegg_async._formats.yaml_text import yaml_text
from frontegg_async.errors import FilesError
from frontegg_async.plans.environment_files.environment_files import EnvironmentFiles, read_environment_files
from frontegg_async.plans.environment_files.recognition import is_environment_source
from frontegg_async.plans.files.places import Path as ValuePath
from tests.plans.environment_files.reading import values_of
from tests.plans.environment_files.strategies import ENVIRONMENTS, Document
from tests.plans.test_files_properties import EDITS

BASE = """\
format: frontegg-environment/1
not_managed: {roles: {twice: [1, 2]}}
roles:
  editor:
    id: ignored
    name: Edit ${WHAT}
    level: 5
    isDefault: true
    permissions: [z, a]
  viewer: {key: viewer, renamed_from: reader, description: "$${WHAT}"}
"""
OVERLAY = """\
{"format": "frontegg-environment/1", "roles": {
"editor":
{"level": 7, "permissions": ["b", "c", "b"]}, "new": {}}}"""


@pytest.fixture
def files(tmp_path: Path) -> EnvironmentFiles:
    """A file, and another that is laid over it."""
    base, overlay = tmp_path / "base.yml", tmp_path / "overlay.json"
    base.write_text(BASE, encoding="utf-8")
    overlay.write_text(OVERLAY, encoding="utf-8")
    return read_environment_files([base, overlay], {"WHAT": "${WHAT}"})


def test_later_files_are_laid_over_earlier_ones(files: EnvironmentFiles) -> None:
    """Objects by their keys; lists and all other values are replaced."""
    roles = files.objects["roles"]

    assert [*files.objects] == ["roles"]
    assert [(key, dict(each.values), each.renamed_from) for key, each in roles.items()] == [
        ("editor", {"name": "Edit ${WHAT}", "level": 7, "is_default": True, "permissions": ["b", "c"]}, None),
        ("new", {}, None),
        ("viewer", {"description": "${WHAT}"}, "reader"),
    ]
    assert [each.why for each in roles.values()] == ["base.yml:4, overlay.json:2", "overlay.json:3", "base.yml:10"]


def test_digests_are_those_of_files_and_of_the_variables_in_them(files: EnvironmentFiles, tmp_path: Path) -> None:
    """The digest of variables follows those of the files."""
    texts = [BASE.encode(), OVERLAY.encode(), b'{"WHAT":"${WHAT}"}']
    assert files.names == [str(tmp_path / "base.yml"), str(tmp_path / "overlay.json"), "variables"]
    assert files.digests == [hashlib.sha256(text).hexdigest() for text in texts]


@pytest.mark.parametrize(
    ("key", "path", "place"),
    [
        ("editor", (), "base.yml:4:3"),
        ("editor", ("name",), "base.yml:6:11"),
        ("editor", ("level",), "overlay.json:3:11"),
        ("editor", ("is_default",), "base.yml:8:16"),
        ("editor", ("permissions", 1), "overlay.json:3:35"),
        ("editor", ("permissions", "c"), "overlay.json:3:35"),
        ("editor", ("description",), "overlay.json:3:1"),
        ("viewer", ("renamed_from",), "base.yml:10:39"),
    ],
)
def test_a_fault_has_the_place_of_the_value(
    files: EnvironmentFiles, tmp_path: Path, key: str, path: ValuePath, place: str
) -> None:
    """It is in the last file that names the value, and in the first for the key of an object."""
    assert str(files.fault_at("roles", key, path, "is odd")) == f"{tmp_path / place}: is odd"


def test_parts_without_objects_stay() -> None:
    """A part that no file names is not there."""
    files = read_environment_files([{"format": "frontegg-environment/1", "roles": {}}], {})
    assert files.objects == {"roles": {}}
    assert files.names == ["environment"]
    assert read_environment_files([], {}).objects == {}


@pytest.mark.slow
@given(ENVIRONMENTS, st.sampled_from([".json", ".yml"]))
def test_a_file_is_read_as_it_was_written(document: Document, suffix: str) -> None:
    """Each format has what the mapping has."""
    document = json.loads(json.dumps(document))  # no value occurs twice, which YAML would have an alias for
    expected = values_of(read_environment_files([document], {}))
    with TemporaryDirectory() as directory:
        path = Path(directory, f"environment{suffix}")
        path.write_text(indented_json(document) if suffix == ".json" else yaml_text(document), encoding="utf-8")
        assert is_environment_source(path)
        files = read_environment_files([path], {})
    assert values_of(files) == expected
    lines = [int(each.why.partition(":")[2]) for objects in files.objects.values() for each in objects.values()]
    assert len({*lines}) == len(lines)
    for part, objects in files.objects.items():
        for key, each in objects.items():
            for name in each.values:
                assert files.fault_at(part, key, (name,), "").place.line >= int(each.why.partition(":")[2])


@pytest.mark.slow
@given(ENVIRONMENTS, st.sampled_from([".json", ".yml"]), EDITS)
def test_any_bytes_are_objects_or_faults(document: Document, suffix: str, edits: list[tuple[int, int, bytes]]) -> None:
    """A file is read, or refused with places in it, whatever was done to its text."""
    document = json.loads(json.dumps(document))
    text = (indented_json(document) if suffix == ".json" else yaml_text(document)).encode()
    for begin, length, part in edits:
        text = text[:begin] + part + text[begin + length :]
    places: list[int] = []
    with TemporaryDirectory() as directory:
        path = Path(directory, f"environment{suffix}")
        path.write_bytes(text)
        is_environment_source(path)
        try:
            read_environment_files([path], {})
        except FilesError as error:
            places += [each.place.line for each in error.faults]
    assert max(places, default=0) <= text.count(b"\n") + 2
