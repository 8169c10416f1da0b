"""``frontegg export`` and ``frontegg diff``, with their exit codes."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pytest

from frontegg_async._values.secret import Secret
from frontegg_async.cli import prompts
from frontegg_async.cli.profiles import Profile, Profiles
from frontegg_async.emulator.blocking_handle import EmulatorHandle
from tests.cli.conftest import Run
from tests.support.tenants import tenant_row

LISTING: Final = "/tenants/resources/tenants/v2"


@pytest.fixture
def accounts(emulator: EmulatorHandle, run: Run, tmp_path: Path) -> Path:
    """An export of two accounts."""
    emulator.seed(tenants=[{"tenantId": "acme", "name": "Acme"}, {"tenantId": "beta", "name": "=Beta"}])
    path = tmp_path / "accounts.jsonl"
    ran = run("export", str(path))
    assert (ran.code, ran.err) == (0, "")
    assert json.loads(ran.out) == {"path": str(path), "accounts": 2}
    return path


@pytest.mark.parametrize("live_first", [False, True])
def test_a_difference_with_the_environment(run: Run, accounts: Path, live_first: bool) -> None:
    """It ends with 5 if that is asked for, and there is one."""
    files = ("live", str(accounts)) if live_first else (str(accounts), "live")
    assert run("diff", *files, "--exit-code").code == 0
    assert run("tenants", "update", "acme", "--status", "new").code == 0
    ran = run("diff", *files, "--exit-code", "--output", "table")

    change = '"new" → null' if live_first else 'null → "new"'
    assert (ran.code, ran.err) == (5, "")
    assert ran.out.splitlines() == ["~ acme  Acme", f"    status: {change}", "0 created, 0 deleted, 0 moved, 1 changed"]
    assert run("diff", *files).code == 0


def test_formats_of_differences(run: Run, accounts: Path, tmp_path: Path) -> None:
    """JSON Lines in a pipe; CSV has one guard, in lists and in exports."""
    empty = tmp_path / "empty.jsonl"
    empty.write_text("", encoding="utf-8")

    lines = run("diff", str(empty), str(accounts)).out.splitlines()
    assert [json.loads(line)["kind"] for line in lines] == ["created", "created"]
    assert run("--output", "json", "diff", str(empty), str(empty)).out.strip() == "[]"
    assert run("diff", str(empty), str(accounts), "-o", "id").out == "acme\nbeta\n"
    assert run("diff", str(accounts), str(empty), "--markdown").out.splitlines()[-1] == (
        "| deleted | `beta` | `=Beta` |  |  |  |"
    )
    assert run("diff", str(accounts), str(empty), "--markdown", "-o", "id").code == 2
    cells = [*csv.DictReader(io.StringIO(run("diff", str(empty), str(accounts), "-o", "csv").out))]
    assert cells[1]["name"] == "'=Beta"
    assert run("export", str(tmp_path / "accounts.csv")).code == 0
    assert ",'=Beta," in (tmp_path / "accounts.csv").read_text(encoding="utf-8")


def test_what_is_included(run: Run, accounts: Path) -> None:
    """By names with commas between them; unknown ones are told."""
    assert run("export", str(accounts), "--include", "settings, sso").code == 0
    assert {"settings", "sso"} < json.loads(accounts.read_text(encoding="utf-8").splitlines()[0]).keys()
    assert run("export", str(accounts), "--include", "settings", "--include", "sso").code == 0
    assert {"settings", "sso"} < json.loads(accounts.read_text(encoding="utf-8").splitlines()[0]).keys()
    ran = run("--fields", "accounts", "export", str(accounts), "--fields", "path")
    assert [*json.loads(ran.out)] == ["accounts", "path"]
    ran = run("export", str(accounts), "--include", "secrets")
    assert ran.code == 2
    assert "include must have names among settings, applications, plans, users, policies, sso, api-tokens" in ran.err


def test_an_environment(run: Run, tmp_path: Path) -> None:
    """The objects and the addresses are in two files."""
    path, addresses = tmp_path / "environment.yml", tmp_path / "vars.json"
    ran = run("export", str(path), "--kind", "environment", "--vars", str(addresses))

    assert (ran.code, ran.err) == (0, "")
    assert json.loads(ran.out) == {"path": str(path), "objects": 7, "not_readable": []}
    assert path.read_text(encoding="utf-8").startswith("format: frontegg-environment/1\n")
    address = json.loads(addresses.read_text(encoding="utf-8"))["APPLICATION_DEFAULT_APPLICATION_APP_URL"]
    assert address == "http://localhost:3000"


def test_an_environment_that_is_partly_readable(emulator: EmulatorHandle, run: Run, tmp_path: Path) -> None:
    """It ends with 3 and names the parts that are not in the file."""
    path = tmp_path / "environment.json"
    action = {"type": "status", "status": 403}
    emulator.add_fault(stage="accept", action=action, match={"path": "/applications/*"})
    ran = run("export", str(path), "--kind", "environment")

    assert (ran.code, ran.err) == (3, "? applications not readable: not exported\n")
    assert json.loads(ran.out)["not_readable"] == ["applications"]
    assert "applications" not in json.loads(path.read_text(encoding="utf-8"))


def test_the_accounts_of_a_file_are_exported(emulator: EmulatorHandle, run: Run, tmp_path: Path) -> None:
    """By their ids; others are not."""
    emulator.seed(tenants=[{"tenantId": each, "name": each} for each in ("a", "b", "c")])
    (tmp_path / "ids.csv").write_text("tenant_id\na\nc\n", encoding="utf-8")
    ran = run("export", str(tmp_path / "some.jsonl"), "--only", str(tmp_path / "ids.csv"))
    rows = (tmp_path / "some.jsonl").read_text(encoding="utf-8").splitlines()
    assert (ran.code, [json.loads(row)["tenant_id"] for row in rows]) == (0, ["a", "c"])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("e.yml", "--kind", "environment", "--include", "sso"), "must not be given with kind 'environment'"),
        (("e.jsonl", "--vars", "v.yml"), "vars is only for kind 'environment'"),
        (("e.yml", "--kind", "roles"), "'roles' is not one of 'accounts', 'environment'"),
    ],
)
def test_options_for_another_kind(run: Run, arguments: tuple[str, ...], message: str) -> None:
    """They are errors of usage."""
    ran = run("export", *arguments)
    assert ran.code == 2
    assert message in ran.err


def test_an_incomplete_export_is_none(emulator: EmulatorHandle, run: Run, accounts: Path) -> None:
    """It ends with 3, and the file of an earlier export stays as it is."""
    before = accounts.read_bytes()
    body: dict[str, Any] = {"items": [tenant_row("acme")], "_metadata": {"totalItems": 2}}
    emulator.add_fault(stage="accept", action={"type": "status", "status": 200, "body": body}, match={"path": LISTING})

    for command in (("export", str(accounts)), ("diff", str(accounts), "live")):
        ran = run(*command)
        assert (ran.code, ran.out) == (3, "")
        assert "the listing is not complete" in ran.err
    assert accounts.read_bytes() == before
    assert [path.name for path in accounts.parent.glob("*.part")] == []


def test_progress_for_programs(run: Run, tmp_path: Path) -> None:
    """A line with how many of how many."""
    run("tenants", "create", "--name", "Acme")
    ran = run("export", str(tmp_path / "accounts.csv"), "--progress", "jsonl")

    assert json.loads(ran.err.splitlines()[-1]) == {"event": "progress", "what": "accounts", "done": 1, "total": 1}


def test_what_cannot_be_done(run: Run, accounts: Path, tmp_path: Path) -> None:
    """One line that names the file."""
    missing = tmp_path / "missing" / "accounts.jsonl"
    for command, code, told in [
        (("export", str(missing)), 1, f"error: {missing}: No such file or directory"),
        (
            ("export", "accounts.txt"),
            2,
            "error: path must end in .jsonl, .csv, .yml, .yaml, but is 'accounts.txt'",
        ),
        (("diff", str(accounts), str(missing)), 2, f"error: there is no file {missing}"),
        (("diff", "live", "live"), 2, "error: A and B must differ, but both are 'live'"),
        (
            ("diff", "eu:", str(accounts)),
            2,
            "error: there is no profile 'eu'\n'frontegg login --profile eu' creates the profile.",
        ),
        (("diff", str(accounts), ":"), 2, "error: the name of a profile must be 1 to 63"),
        (("diff", str(accounts), "./eu:"), 2, "error: there is no file ./eu:"),
        (("diff", str(accounts), "live", "--only", str(missing)), 2, f"error: there is no file {missing}"),
        (("diff", str(accounts), "live", "--only", __file__), 2, "error: --only must end in .jsonl"),
        (("diff", "live", __file__), 2, "must end in .jsonl"),
        (("diff", "./live", __file__), 2, "there is no file ./live"),
        (("diff", __file__, "./live"), 2, "there is no file ./live"),
    ]:
        ran = run(*command)
        assert ran.code == code
        assert told in ran.err


@pytest.fixture
def profiles(emulator: EmulatorHandle, server: EmulatorHandle, environ: Mapping[str, str]) -> EmulatorHandle:
    """The profiles ``eu`` and ``us`` of two environments; the second one is returned."""
    other, stored = server.create_environment(), Profiles(Path(environ["FRONTEGG_CONFIG_DIR"]))
    for name, each in (("eu", emulator), ("us", other)):
        stored.put(Profile(name=name, client_id=each.client_id, base_url=each.url), Secret(each.secret), "file")
    emulator.seed(
        tenants=[
            {"tenantId": "acme", "name": "Acme", "isReseller": True},
            {"tenantId": "beta", "name": "Beta", "parentTenantId": "acme"},
            {"tenantId": "gone", "name": "Gone"},
        ]
    )
    other.seed(tenants=[{"tenantId": "acme", "name": "Acme", "isReseller": True}, {"tenantId": "beta", "name": "B"}])
    return other


DIFFERENT: Final = [
    "> beta  B",
    '    parent_tenant_id: "acme" → null',
    "~ beta  B",
    '    name: "Beta" → "B"',
    "- gone  Gone",
    "0 created, 1 deleted, 1 moved, 1 changed",
]


@pytest.mark.usefixtures("profiles")
def test_two_profiles(run: Run) -> None:
    """Both are read with one progress, whatever the variables say."""
    ran = run("diff", "eu:", "us:", "--output", "table", "--exit-code")
    assert (ran.code, ran.err) == (5, "")
    assert ran.out.splitlines() == DIFFERENT
    assert run("diff", "live", "us:", "-o", "table").out.splitlines() == DIFFERENT
    ran = run("diff", "us:", "eu:", "--progress", "jsonl")
    counts = [each for each in map(json.loads, ran.err.splitlines()) if each["what"] == "accounts"]
    assert counts[-1] == {"event": "progress", "what": "accounts", "done": 5, "total": 5}
    assert [json.loads(line)["kind"] for line in ran.out.splitlines()] == ["moved", "changed", "created"]
    assert run("diff", "eu:", "eu:").code == 2


@pytest.mark.usefixtures("profiles")
def test_a_profile_and_a_file(run: Run, tmp_path: Path) -> None:
    """With what the file has beside the accounts."""
    path = tmp_path / "eu.csv"
    assert run("export", str(path), "--profile", "eu", "--include", "applications").code == 0
    assert run("diff", "eu:", str(path), "--exit-code").code == 0
    assert run("diff", str(path), "us:", "-o", "table").out.splitlines() == DIFFERENT


def test_the_accounts_of_a_partial_file(
    run: Run, emulator: EmulatorHandle, profiles: EmulatorHandle, tmp_path: Path
) -> None:
    """Only these are read and compared; one that is on no side is no difference."""
    partial, whole = tmp_path / "partial.yml", tmp_path / "whole.jsonl"
    assert run("export", str(whole), "--profile", "us").code == 0
    partial.write_text("- {tenant_id: acme, name: New}\n- tenant_id: gone\n- tenant_id: nobody\n", encoding="utf-8")
    only = ("--only", str(partial), "-o", "table")
    for each in (emulator, profiles):
        each.clear_journal()
    gone = ["- gone  Gone", "0 created, 1 deleted, 0 moved, 0 changed"]

    for sides in (("eu:", "us:"), ("live", "us:"), ("live", str(whole)), ("eu:", str(whole))):
        assert run("diff", *sides, *only).out.splitlines() == gone
    assert run("diff", "us:", str(whole), *only).out.splitlines() == ["0 created, 0 deleted, 0 moved, 0 changed"]
    assert run("diff", str(whole), str(partial), *only).out.splitlines() == [
        "~ acme  New",
        '    name: "Acme" → "New"',
        "+ gone",
        "+ nobody",
        "2 created, 0 deleted, 0 moved, 1 changed",
    ]
    asked = {entry.path for each in (emulator, profiles) for entry in each.journal()}
    assert not [path for path in asked if path.endswith("tree")]
    partial.write_text("", encoding="utf-8")
    assert f"error: {partial} has no ids of accounts" in run("diff", "eu:", "us:", *only).err


def test_an_error_names_the_profile(run: Run, profiles: EmulatorHandle) -> None:
    """One of two environments refuses the credential."""
    profiles.add_fault(stage="accept", action={"type": "status", "status": 403, "body": {}}, match={"path": LISTING})

    ran = run("diff", "eu:", "us:")

    assert (ran.code, ran.out) == (4, "")
    assert ran.err.startswith("error: us: ")


def test_a_field_that_is_not_there(run: Run, tmp_path: Path) -> None:
    """It is refused before anything is read."""
    ran = run("export", str(tmp_path / "accounts.jsonl"), "--fields", "nope")
    assert (ran.code, list(tmp_path.iterdir())) == (2, [])


def test_an_update_from_an_export_names_its_columns(run: Run, accounts: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(accounts.parent)
    update = ("bulk", "run", "update", str(accounts), "--ledger", "ledger")
    ran = run(*update)
    assert (ran.code, Path("ledger").exists()) == (2, False)
    assert "Name the columns to send, by columns= or --columns" in ran.err
    assert "assign applies parents, lock and unlock apply locks" in ran.err
    ran = run(*update, "--columns", "name, metadata.plan", "--dry-run", "--rows")
    assert {key for line in ran.out.splitlines() for key in json.loads(line)} >= {"tenant_id", "name"}
    parts = run(*update, "--columns", "name", "--columns", "metadata.plan", "--dry-run", "--rows")
    assert parts.out == ran.out
    assert (
        "--columns is for update, add_metadata, update_account_settings"
        in run("bulk", "run", "lock", str(accounts), "--columns", "name", "--ledger", "ledger").err
    )
    assert "columns must be names among" in run(*update, "--columns", "nmae").err
    assert run(*update, "--columns", "name").code == 0


def test_a_creation_from_an_export_reports_what_it_leaves_out(
    run: Run, accounts: Path, emulator: EmulatorHandle, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With counts, before it starts; it needs ``--yes`` where nobody can be asked."""
    monkeypatch.chdir(accounts.parent)
    assert run("tenants", "lock", "acme").code == run("export", str(accounts)).code == 0
    text = accounts.read_text(encoding="utf-8").replace('"tenant_id":"', '"tenant_id":"new-')
    accounts.write_text(text, encoding="utf-8")
    create = ("bulk", "run", "create", str(accounts), "--ledger", "ledger")
    emulator.clear_journal()
    ran = run(*create)
    assert (ran.code, Path("ledger").exists()) == (2, False)
    assert "create does not apply these fields of the export: is_locked (accounts: 1); lock applies locks" in ran.err
    assert "refused without a terminal to ask at\n--yes runs the command" in ran.err
    questions: list[str] = []
    monkeypatch.setattr(prompts, "can_ask", lambda: True)

    def ask(question: str) -> str:
        questions.append(question)
        return "n"

    monkeypatch.setattr(prompts, "ask", ask)
    assert run(*create).code == 1
    assert "Create 2 accounts without is_locked in" in questions[0]
    assert all(entry.method == "GET" or entry.route == "auth.authenticate" for entry in emulator.journal())
    ran = run(*create, "--yes")
    assert (ran.code, ran.err.count("is_locked (accounts: 1)")) == (0, 1)
