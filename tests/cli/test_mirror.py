"""``frontegg mirror``: its commands, their output and their exit codes."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import pytest

from frontegg_async.emulator.blocking_handle import EmulatorHandle
from tests.cli.conftest import Run
from tests.support.postgres import postgres_server

pytestmark = pytest.mark.slow


@pytest.fixture
def url(emulator: EmulatorHandle, run: Run, tmp_path: Path) -> str:
    """The address of a mirror with its tables, of an environment with thirty accounts."""
    emulator.seed(tenants=[{"tenantId": f"t{number:02}", "name": f"N{number}"} for number in range(30)])
    address = f"sqlite:///{tmp_path / 'mirror.db'}"
    ran = run("mirror", "upgrade", address)
    assert (ran.code, ran.out, ran.err) == (0, "", "the tables are up to date\n")
    return address


def test_from_an_empty_mirror_to_a_proof(run: Run, url: str) -> None:
    """A check ends with 5 as long as accounts differ, and prints few of their ids."""
    ran = run("mirror", "check", url)
    lines = ran.out.splitlines()
    assert ran.code == 5
    assert lines[0].endswith(": 30 accounts differ")
    assert (lines[1], lines[20], lines[21:]) == ("t00", "t19", ["and 10 more"])

    ran = run("mirror", "refresh", url)
    assert (ran.code, json.loads(ran.out)) == (0, {"accounts": 30, "read_again": 0, "deleted": 0})

    ran = run("mirror", "check", url)
    service, _, rest = ran.out.partition(", ")
    assert ran.code == 0
    assert rest == f"mirror {service.removeprefix('service ')}: equal\n"
    proof = json.loads(run("mirror", "check", url, "--output", "json").out)
    assert (proof["equal"], proof["accounts"], proof["root"]) == (True, 30, proof["mirror_root"])


def test_health_is_wrong_until_there_is_a_proof(run: Run, url: str, emulator: EmulatorHandle) -> None:
    """It sends nothing, so it needs no service."""
    ran = run("mirror", "health", url)
    assert (ran.code, ran.err) == (5, "the mirror was never checked: run 'frontegg mirror check'\n")
    assert run("mirror", "check", url).code == 5
    ran = run("mirror", "health", url)
    assert (ran.code, ran.err) == (5, "the mirror was not equal at the last check\n")

    assert run("mirror", "refresh", url).code == 0
    assert run("mirror", "check", url).code == 0
    emulator.clear_journal()
    ran = run("mirror", "health", url, "--max-age", "26h")
    assert (ran.code, ran.err) == (0, "")
    assert json.loads(ran.out)["is_equal"] is True
    ran = run("mirror", "health", url, "--max-age", "0m")
    assert (ran.code, ran.err) == (5, "the last check is older than --max-age\n")
    assert emulator.journal() == []


@pytest.mark.parametrize("age", ["", "26", "h", "-1h", "1w", "1.5h", "9999999h"])
def test_an_age_is_a_number_and_a_unit(run: Run, url: str, age: str) -> None:
    """The message has an example."""
    ran = run("mirror", "health", url, "--max-age", age)
    assert ran.code == 2
    assert "--max-age must be a number followed by m, h or d, such as 26h" in ran.err


def test_a_mirror_is_compared(run: Run, url: str) -> None:
    """With the environment and with an export."""
    assert run("mirror", "refresh", url).code == 0
    assert run("diff", f"mirror:{url}", "live", "--exit-code").code == 0
    assert run("tenants", "update", "t07", "--name", "Other").code == 0
    ran = run("diff", f"mirror:{url}", "live", "--exit-code")
    assert ran.code == 5
    assert [json.loads(line)["tenant_id"] for line in ran.out.splitlines()] == ["t07"]


@pytest.mark.postgres
def test_mirrors_exports_and_the_environment_are_compared(run: Run, url: str, tmp_path: Path) -> None:
    """Each with each other, in both directions."""
    file = str(tmp_path / "accounts.jsonl")
    with postgres_server() as server:
        other = server.new_database()
        assert run("mirror", "upgrade", other).code == 0
        for address in (url, other):
            assert run("mirror", "refresh", address).code == 0
        assert run("export", file).code == 0
        sides = {f"mirror:{url}", f"mirror:{other}", "live", file}
        for a, b in itertools.permutations(sides, 2):
            assert run("diff", a, b, "--exit-code").code == 0
        assert run("tenants", "update", "t07", "--name", "Other").code == 0
        assert run("mirror", "refresh", other).code == 0
        newer = {f"mirror:{other}", "live"}
        for a, b in itertools.permutations(sides, 2):
            assert run("diff", a, b, "--exit-code").code == (5 if len({a, b} & newer) == 1 else 0)


@pytest.mark.parametrize("command", ["refresh", "check", "health"])
def test_without_tables_it_says_what_to_do(run: Run, tmp_path: Path, command: str) -> None:
    """No file is made."""
    ran = run("mirror", command, f"sqlite:///{tmp_path}/none.db")
    assert (ran.code, ran.out) == (1, "")
    assert "upgrade" in ran.err
    assert not (tmp_path / "none.db").exists()


def test_another_database_is_refused(run: Run) -> None:
    """The message does not quote the address, which may have a password."""
    ran = run("mirror", "check", "mysql://ann:secret@db/app")
    assert ran.code == 2
    assert "url must be an address such as postgresql://user@host/database or sqlite:///file" in ran.err
    assert "secret" not in ran.err
