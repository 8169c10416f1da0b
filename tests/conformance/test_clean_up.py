"""Clean-up: what counts as deleted, and what is left keeps its record."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import pytest

from frontegg_async._values.json_values import JsonValue
from frontegg_async.conformance.made import Made
from frontegg_async.emulator import Emulator, EmulatorHandle
from frontegg_async.endpoints import groups
from tests.conformance.test_command_line import Kit, place

HTML: Final = "<html>Not Found</html>"
ACCOUNTS: Final = "/tenants/resources/tenants/v1/*"
NOT_DONE: Final[Mapping[str, dict[str, JsonValue]]] = {
    "refused": {"type": "status", "status": 403},
    "absent for an edge": {"type": "status", "status": 404, "body": HTML},
    "no route": {"type": "status", "status": 404, "body": {"errors": ["Cannot DELETE /tenants"]}},
    "answered by an edge": {"type": "status", "status": 200, "body": HTML},
    "answered and not done": {"type": "status", "status": 200, "body": {}},
    "failed": {"type": "status", "status": 500},
}


@pytest.fixture(scope="module")
def emulator() -> Iterator[EmulatorHandle]:
    with Emulator() as emulator:
        yield emulator


@pytest.fixture
def kit(emulator: EmulatorHandle, tmp_path: Path) -> Kit:
    return Kit(emulator, tmp_path)


def begun(kit: Kit, *names: str) -> Made:
    """Return the record of a run that was killed after it made accounts."""
    made = Made.begin(kit.state, place(kit))
    with kit.environment.client() as frontegg:
        for name in names:
            frontegg.tenants.create(tenant_id=made.account(name), name=name)
    return made


@pytest.mark.parametrize("how", NOT_DONE)
def test_accounts_that_are_not_deleted(kit: Kit, how: str) -> None:
    made = begun(kit, "first", "second")
    fault = kit.environment.add_fault(
        stage="before_commit", action=NOT_DONE[how], match={"method": "DELETE", "path": ACCOUNTS}
    )
    assert kit.run("--clean") == 1
    assert kit.lines[-1] == "2 may be left: --clean tries again"
    assert Made.read(kit.state).accounts == made.accounts
    kit.environment.delete_fault(fault)
    assert kit.run("--clean") == 0
    assert kit.accounts() == {"north", "south"}
    assert not kit.state.exists()


@pytest.mark.parametrize("how", NOT_DONE)
def test_objects_that_are_not_deleted(kit: Kit, how: str) -> None:
    made = begun(kit)
    made.part("permissions")
    with kit.environment.client() as frontegg:
        frontegg.permissions.create(key=f"{made.prefix}read", name="Read")
    fault = kit.environment.add_fault(stage="before_commit", action=NOT_DONE[how], match={"method": "DELETE"})
    assert kit.run("--clean") == 1
    assert kit.state.exists()
    kit.environment.delete_fault(fault)
    assert kit.run("--clean") == 0


@pytest.mark.parametrize(
    "action",
    [
        {"type": "status", "status": 500},
        {"type": "status", "status": 403},
        {"type": "status", "status": 200, "body": HTML},
        {"type": "status", "status": 200, "body": {}},
        {"type": "status", "status": 200, "body": {"items": [{"tenantId": "north"}] * 200}},
    ],
    ids=["failed", "refused", "HTML", "no page", "a page of others"],
)
def test_accounts_that_cannot_be_listed(kit: Kit, action: dict[str, JsonValue]) -> None:
    """It is not known whether one is left."""
    begun(kit, "first")
    kit.environment.add_fault(
        stage="before_commit", action=action, match={"method": "GET", "path": "/tenants/resources/tenants/v2"}
    )
    assert kit.run("--clean") == 1
    assert kit.state.exists()


def test_an_account_that_is_noted_no_more(kit: Kit) -> None:
    """A check saw its deletion answered, and it was not done."""
    made = begun(kit, "first", "renamed")
    made.forget("renamed")
    assert kit.run("--clean") == 0
    assert kit.accounts() == {"north", "south"}


def test_an_account_that_is_locked_is_unlocked(kit: Kit) -> None:
    made = begun(kit, "first")
    path = f"/tenants/resources/tenants/v1/{made.accounts[0]}"
    kit.environment.add_fault(
        stage="before_commit",
        action={"type": "status", "status": 403},
        match={"method": "DELETE", "path": path, "times": 1},
    )
    assert kit.run("--clean") == 0
    routes = [entry.route for entry in kit.environment.journal()]
    assert routes[-5:] == ["tenants.delete", "tenants.get", "tenants.unlock", "tenants.delete", "tenants.list"]


def test_an_account_that_was_never_made(kit: Kit) -> None:
    """A read settles it where nothing may be deleted."""
    Made.begin(kit.state, place(kit)).account("first")
    kit.environment.set_switch("environment_credential", "read_only")
    assert kit.run("--clean") == 0
    assert not kit.state.exists()


def test_rows_of_which_an_edge_says_that_they_are_gone(kit: Kit) -> None:
    made = begun(kit, "first")
    with kit.environment.client() as frontegg:
        group = frontegg.groups.create(made.accounts[0], name="Group")
    made.row(groups.DELETE, {"group_id": group.id}, made.accounts[0])
    kit.environment.add_fault(
        stage="before_commit",
        action=NOT_DONE["absent for an edge"],
        match={"method": "DELETE", "path": "/identity/*"},
    )
    assert kit.run("--clean") == 1


def test_a_run_after_which_something_is_left(kit: Kit, tmp_path: Path) -> None:
    """It is no success, and its reports say how much."""
    as_json, as_markdown = tmp_path / "report.json", tmp_path / "report.md"
    fault = kit.environment.add_fault(
        stage="before_commit",
        action=NOT_DONE["absent for an edge"],
        match={"method": "DELETE", "path": ACCOUNTS},
    )
    reports = ("--report", str(as_json), "--report", str(as_markdown))
    assert kit.run("--write", "--yes", "--budget", "40", *reports) == 1
    report = json.loads(as_json.read_text())
    left = len(kit.accounts()) - 2
    assert report["left"] == left > 0
    assert {row["status"] for row in report["results"]} == {"held", "not tried"}
    assert f"{left} accounts, rows or objects of the run may be left." in as_markdown.read_text()
    assert f"{left} may be left: --clean tries again" in kit.text
    kit.environment.delete_fault(fault)
    assert kit.run("--clean") == 0
    assert kit.accounts() == {"north", "south"}


def test_a_credential_that_may_not_write(kit: Kit, tmp_path: Path) -> None:
    """Its first write is its last, and nothing is left."""
    report = tmp_path / "report.json"
    kit.environment.set_switch("environment_credential", "read_only")
    before = len(kit.environment.journal())
    assert kit.run("--write", "--yes", "--report", str(report)) in (0, 1)
    entries = kit.environment.journal()[before:]
    writes = [entry.route for entry in entries if entry.method != "GET" and entry.route != "auth.authenticate"]
    assert writes == ["tenants.create"]
    assert json.loads(report.read_text())["left"] == 0
    assert not kit.state.exists()
