"""The most likely mistakes in accounts files: ``frontegg plan`` says where each is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import pytest

from frontegg_async.emulator.blocking_handle import EmulatorHandle
from tests.cli.conftest import Run
from tests.cli.planned_accounts import prepare

pytestmark = pytest.mark.slow

_FAULTS: Final[Mapping[str, tuple[Mapping[str, str], Sequence[str]]]] = {
    "an unknown key": (
        {"a.yml": "- tenant_id: acme\n  metdata: {plan: pro}\n"},
        ["a.yml:2:3: unknown field 'metdata'; did you mean 'metadata'?"],
    ),
    "a circle": (
        {"a.yml": "- tenant_id: north\n  parent_tenant_id: kiosk\n- {tenant_id: kiosk, is_reseller: true}\n"},
        ["a.yml:2:21: the account would be under itself, in this circle: north > kiosk > north"],
    ),
    "a circle in the file": (
        {"a.jsonl": '{"tenant_id":"a","parent_tenant_id":"b"}\n{"tenant_id":"b","parent_tenant_id":"a"}\n'},
        ["a.jsonl:1:37: the parents form a circle: 'a' \u2192 'b' \u2192 'a'"],
    ),
    "an account in two files": (
        {"a.yml": "- tenant_id: acme\n", "b.csv": "tenant_id,name\nnew,New\nacme,Acme\n"},
        ["b.csv:3:1: the account 'acme' occurs twice, first at a.yml:1:3"],
    ),
    "a key twice": (
        {"a.yml": "- tenant_id: acme\n  name: A\n  name: B\n", "b.jsonl": '{"tenant_id":"b","tenant_id":"c"}\n'},
        ["a.yml:3:3: the key 'name' occurs twice", "b.jsonl:1:18: the field 'tenant_id' occurs twice"],
    ),
    "a tab": (
        {"a.yml": "- tenant_id: acme\n\tname: A\n"},
        ["a.yml:2:1: a tab must not be used for indentation: use spaces"],
    ),
    "another format": (
        {"a.jsonl": '{"format":"frontegg-accounts/2","tenant_id":"acme"}\n'},
        ["a.jsonl:1:11: format must be 'frontegg-accounts/1', not 'frontegg-accounts/2'"],
    ),
    "an id in another case, of the environment": (
        {"a.yml": "- tenant_id: Acme\n  name: A\n"},
        ["a.yml:1:14: there is an account 'acme', whose id differs only in upper and lower case"],
    ),
    "an id in another case, of the file": (
        {"a.yml": "- {tenant_id: new, name: A}\n- {tenant_id: NEW, name: A}\n"},
        ["a.yml:2:15: the id 'NEW' differs from 'new', at a.yml:1:3, only in upper or lower case or in Unicode form"],
    ),
    "an account that is not there": (
        {"a.yml": "- {tenant_id: new, is_locked: true}\n- {tenant_id: t1, parent_tenant_id: nort}\n"},
        [
            "a.yml:1:3: there is no account 'new': to create the account, the row must have a name",
            "a.yml:2:37: there is no account 'nort' in the environment or in the files",
        ],
    ),
    "values that cannot be": (
        {"a.yml": "- tenant_id: acme\n  is_locked: later\n  applications: Desk\n  absent: 1\n"},
        [
            "a.yml:2:14: is_locked must be true or false, not text",
            "a.yml:3:17: applications must be a list of names, not text",
            "a.yml:4:11: absent must be true or false, not a number",
        ],
    ),
}
"""Files, and the lines that say where their faults are."""


@pytest.mark.parametrize("case", _FAULTS)
def test_faults_of_files(
    tmp_path: Path, run: Run, emulator: EmulatorHandle, monkeypatch: pytest.MonkeyPatch, case: str
) -> None:
    """2; each is on a line that begins with its place, for editors, and nothing is written."""
    prepare(tmp_path, emulator, monkeypatch)
    files, told = _FAULTS[case]
    for name, text in files.items():
        Path(name).write_text(text, encoding="utf-8")
    ran = run("plan", *files, "--out", "plan.jsonl")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.splitlines() == [*told, "error: nothing was planned: the files have faults"]
    assert not Path("plan.jsonl").exists()


@pytest.mark.parametrize(
    ("name", "text", "selector"),
    [
        ("rows.yml", "[]\n", "id:*"),
        ("rows.jsonl", "", "id:*"),
        ("env.yml", "format: frontegg-environment/1\nroles: {}\n", "part:roles"),
        ("env.yml", "format: frontegg-environment/1\n", "part:roles"),
        ("missing.yml", None, "part:roles"),
    ],
)
def test_a_missing_or_empty_file_prunes_nothing(
    run: Run, tmp_path: Path, name: str, text: str | None, selector: str
) -> None:
    """It is bad input."""
    if text is not None:
        (tmp_path / name).write_text(text, encoding="utf-8")
    ran = run("plan", str(tmp_path / name), "--prune", selector)
    assert (ran.code, ran.out) == (2, "")
