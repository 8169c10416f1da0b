"""Each fault of the parts and the keys of a file has its line and column, and all are reported at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.plans.environment_files.reading import FORMAT, faults_of

YAML = {
    "no format": ("roles: {}", ["1:1: format is missing: write format: frontegg-environment/1"]),
    "another version": (
        "format: frontegg-environment/2",
        ["1:9: format must be 'frontegg-environment/1', not 'frontegg-environment/2'"],
    ),
    "a format that is no text": ("format: 1", ["1:9: format must be 'frontegg-environment/1', not a number"]),
    "a list": (
        "- tenant_id: a",
        ["1:1: the file must be a mapping with format: frontegg-environment/1, not a list"],
    ),
    "nothing": ("# nothing", [" the file is empty"]),
    "an unknown part": (
        FORMAT + "role: {}\nzzz:\nusers: {}",
        ["2:1: unknown part 'role'; did you mean 'roles'?", "3:1: unknown part 'zzz'", "4:1: unknown part 'users'"],
    ),
    "a part in two spellings": (
        FORMAT + "permissionCategories: {}\npermission_categories: {}",
        ["3:1: 'permission_categories' is the part 'permission_categories', which occurs already"],
    ),
    "a part that is no mapping": (
        FORMAT + "roles:\npermissions: [a]",
        [
            "2:7: roles must be a mapping from keys to objects, not null: write {} for no objects",
            "3:14: permissions must be a mapping from keys to objects, not a list",
        ],
    ),
    "an object that is no mapping": (
        FORMAT + "roles:\n  a:\n  b: x",
        [
            "3:5: the role must be a mapping of fields, not null: write {} to name no field",
            "4:6: the role must be a mapping of fields, not text",
        ],
    ),
    "an empty key": (FORMAT + "roles:\n  '': {}", ["3:3: the key of the role must not be empty"]),
    "a key twice": (FORMAT + "roles:\n  a: {}\n  a: {}", ["4:3: the key 'a' occurs twice"]),
    "an alias": (
        FORMAT + "roles:\n  a: &x {}\n  b: *x",
        [
            "4:6: the alias *x is not allowed: write the value",
            "4:6: the role must be a mapping of fields, not null: write {} to name no field",
        ],
    ),
    "two documents": (FORMAT + "---\nroles: {}", ["2:1: a file must contain only one document"]),
    "no YAML": (FORMAT + "roles: {", ["3:1: not YAML: did not find expected node content while parsing a flow node"]),
    "a tab": (FORMAT + "roles:\n\ta: {}", ["3:1: a tab must not be used for indentation: use spaces"]),
    "many at once": (
        "format: 2\nrole: {}\nroles:\n  a: {nam: x, level: x}\n  b:",
        [
            "1:9: format must be 'frontegg-environment/1', not a number",
            "2:1: unknown part 'role'; did you mean 'roles'?",
            "4:7: unknown field 'nam'; did you mean 'name'?",
            "4:22: level must be a number, not 'x'",
            "5:5: the role must be a mapping of fields, not null: write {} to name no field",
        ],
    ),
}
JSON = {
    "half a character": (
        '{"format": "frontegg-environment/1",\n"roles": {"\\ud800": {}}}',
        ["2:11: the key of the role has a lone surrogate, which is not valid Unicode text"],
    ),
    "nothing": ("", ["1:1: a value is missing"]),
    "a part twice": (
        '{"format": "frontegg-environment/1",\n"roles": {}, "roles": {}}',
        ["2:14: the field 'roles' occurs twice"],
    ),
    "no comma": ('{"format": "frontegg-environment/1"\n"roles": {}}', ["2:1: a comma or } is missing"]),
    "more": ('{"format": "frontegg-environment/1"}\n}', ["2:1: the text continues after the JSON value"]),
    "no format": ('\n {"roles": {}}', ["2:2: format is missing: write format: frontegg-environment/1"]),
}


@pytest.mark.parametrize(("text", "faults"), YAML.values(), ids=YAML)
def test_faults_of_yaml(tmp_path: Path, text: str, faults: list[str]) -> None:
    """They name what is allowed."""
    assert faults_of(tmp_path, {"e.yml": text}) == faults


@pytest.mark.parametrize(("text", "faults"), JSON.values(), ids=JSON)
def test_faults_of_json(tmp_path: Path, text: str, faults: list[str]) -> None:
    """They are those of YAML, and those of the syntax."""
    assert faults_of(tmp_path, {"e.json": text}) == faults


def test_lines_may_end_with_cr(tmp_path: Path) -> None:
    """A BOM is in no line."""
    text = b"\xef\xbb\xbfformat: frontegg-environment/1\r\nroles:\r\n  a:\r\n    level: x\r\n"
    assert faults_of(tmp_path, {"e.yml": text}) == ["4:12: level must be a number, not 'x'"]
