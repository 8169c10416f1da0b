"""Each fault of the fields of an object has its line and column."""

from __future__ import annotations

from pathlib import Path

import pytest

from frontegg_async.errors import FilesError
from frontegg_async.plans.environment_files.environment_files import read_environment_files
from tests.plans.environment_files.reading import FORMAT, faults_of, values_of

ROLE = {
    "unknown": (
        "{nam: x, zzz: 1, createdBy: x}",
        [
            "3:7: unknown field 'nam'; did you mean 'name'?",
            "3:15: unknown field 'zzz'",
            "3:23: unknown field 'createdBy'",
        ],
    ),
    "absent": (
        "{absent: true}",
        ["3:7: absent cannot be used in roles: only --prune part:roles deletes these objects"],
    ),
    "in two spellings": (
        "{is_default: true, isDefault: true}",
        ["3:25: 'is_default' and 'isDefault' are the same field: leave one out"],
    ),
    "text": ("{name: 3}", ["3:13: name must be text, not a number: write it with quotes"]),
    "a number": ("{level: '3'}", ["3:14: level must be a number, not '3'"]),
    "a number that JSON has not": (
        "{level: .inf}",
        ["3:14: level must be a finite number: JSON has no NaN and no infinity"],
    ),
    "a list": ("{permissions: a}", ["3:20: permissions must be a list, not text"]),
    "a member": ("{permissions: [a, 3]}", ["3:20: permissions must be a list of texts, not of 3"]),
    "null": ("{level: null}", ["3:14: level must not be null: it cannot be cleared"]),
    "another key": ("{key: b}", ["3:12: key must be the key 'a': to rename, write renamed_from: OLD"]),
    "a key that is none": ("{key: null}", ["3:12: key must not be null: it cannot be cleared"]),
    "a rename from a number": (
        "{renamed_from: 3}",
        ["3:21: renamed_from must be the key before the rename, as text, not a number"],
    ),
    "a rename from nothing": ("{renamed_from: ''}", ["3:21: the key of the role must not be empty"]),
    "a rename from itself": (
        "{renamed_from: a}",
        ["3:21: renamed_from must not be the key of another role, at e.yml:3:3"],
    ),
    "unknown variables": (
        "{name: '${A} ${B} ${'}",
        [
            "3:13: the variable A has no value: give --var A=VALUE, or set FRONTEGG_VAR_A",
            "3:13: the variable B has no value: give --var B=VALUE, or set FRONTEGG_VAR_B",
            "3:13: ${ must be followed by a name and }, such as ${DESK_URL}; write $${ for the text ${",
        ],
    ),
    "an unknown variable in a list": (
        "{permissions: [a, '${A}']}",
        ["3:24: the variable A has no value: give --var A=VALUE, or set FRONTEGG_VAR_A"],
    ),
    "an unknown variable in the key before a rename": (
        "{renamed_from: '${A}'}",
        ["3:21: the variable A has no value: give --var A=VALUE, or set FRONTEGG_VAR_A"],
    ),
    "no variable": (
        "{name: 'x ${A-B}'}",
        ["3:13: ${ must be followed by a name and }, such as ${DESK_URL}; write $${ for the text ${"],
    ),
    "a variable without an end": (
        "{name: '${A'}",
        ["3:13: ${ must be followed by a name and }, such as ${DESK_URL}; write $${ for the text ${"],
    ),
}


@pytest.mark.parametrize(("text", "faults"), ROLE.values(), ids=ROLE)
def test_faults_of_a_role(tmp_path: Path, text: str, faults: list[str]) -> None:
    """They name the field, and what is allowed."""
    assert faults_of(tmp_path, {"e.yml": f"{FORMAT}roles:\n  a: {text}"}) == faults


def test_faults_in_a_value(tmp_path: Path) -> None:
    """They have the place of the member."""
    text = FORMAT + "applications:\n  Desk:\n    metadata:\n      a: [1, '${A}']\n    appURL: desk\n    type: webb"
    assert faults_of(tmp_path, {"e.yml": text}) == [
        "5:14: the variable A has no value: give --var A=VALUE, or set FRONTEGG_VAR_A",
        "6:13: app_url must be an absolute URL, such as https://app.example.com",
        "7:11: type must be one of web, mobile-ios, mobile-android, agent, other, not 'webb'; did you mean 'web'?",
    ]


def test_spellings() -> None:
    """Fields may be spelled as the service does, choices as methods do, and read-only fields are ignored."""
    desk: dict[str, object] = {
        "appURL": "https://a",
        "loginUrl": "https://a",
        "accessType": "free_access",
        "isDefault": True,
        "createdAt": "yesterday ${",
        "vendorId": 3,
        "extra": {},
        "name": "Desk",
    }
    files = read_environment_files(
        [{"format": "frontegg-environment/1", "applications": {"Desk": desk}, "permissionCategories": {}}], {}
    )
    assert values_of(files) == {
        "permission_categories": {},
        "applications": {
            "Desk": {
                "app_url": "https://a",
                "login_url": "https://a",
                "access_type": "FREE_ACCESS",
                "is_default": True,
            }
        },
    }


def test_secrets_are_references(tmp_path: Path) -> None:
    """They have no variables, and a fault does not quote a secret."""
    hooks = {"a": {"secret": {"secret": "file:${A}", "rotate": True}}}
    files = read_environment_files([{"format": "frontegg-environment/1", "webhooks": hooks}], {})
    assert values_of(files)["webhooks"] == hooks

    text = FORMAT + "webhooks:\n  a: {secret: canary}\n  b: {secret: {secret: canary}}"
    faults = faults_of(tmp_path, {"e.yml": text})
    assert faults == [
        "3:15: secret must be {secret: env:NAME} or {secret: file:PATH}",
        "4:15: secret must be {secret: env:NAME} or {secret: file:PATH}",
    ]


def test_a_fault_in_a_mapping_has_its_path() -> None:
    """There are no lines in Python."""
    with pytest.raises(FilesError, match=r"^environment\.roles\.a\.level: level must be a number, not 'x'$"):
        read_environment_files([{"format": "frontegg-environment/1", "roles": {"a": {"level": "x"}}}], {})


def test_settings_cannot_be_renamed(tmp_path: Path) -> None:
    """Their keys are given, and one that is misspelt is a fault."""
    text = FORMAT + "sso_settings:\n  oidc: {renamed_from: odic}\n  odic: {}"
    assert faults_of(tmp_path, {"e.yml": text}) == [
        "3:24: sso_settings cannot be renamed: leave renamed_from out",
        "4:3: the keys in sso_settings are domains, multiple_sso, oidc",
    ]


def test_the_key_before_a_rename_may_have_variables() -> None:
    """As any value."""
    given = {"format": "frontegg-environment/1", "roles": {"author": {"renamed_from": "${OLD}-role"}}}
    files = read_environment_files([given], {"OLD": "editor"})
    assert files.objects["roles"]["author"].renamed_from == "editor-role"
