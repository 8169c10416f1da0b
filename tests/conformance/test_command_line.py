"""The command line of the conformance kit, against an emulator: what it does, refuses, reports and leaves."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pytest

from frontegg_async._values.secret import Hidden
from frontegg_async.conformance.__main__ import main
from frontegg_async.conformance.answer import Answer
from frontegg_async.conformance.budget import Budget
from frontegg_async.conformance.checks.environment import ENVIRONMENT, sub_domain
from frontegg_async.conformance.made import Made
from frontegg_async.conformance.not_tried import NotTriedError
from frontegg_async.conformance.plain_request import send_plainly
from frontegg_async.conformance.run import REQUESTS, Run, make_probe, place_of
from frontegg_async.emulator import Emulator, EmulatorHandle
from frontegg_async.endpoints import groups, users
from frontegg_async.errors import ConfigurationError

OF_OTHERS: Final = ({"tenantId": "north", "name": "North Ltd"}, {"tenantId": "south", "name": "South Ltd"})
READS: Final = frozenset({"tenants.count_users", "auth.authenticate"})
"""What changes nothing, and is no GET."""


@pytest.fixture(scope="module")
def emulator() -> Iterator[EmulatorHandle]:
    with Emulator() as emulator:
        yield emulator


class Kit:
    """Runs the command line in a directory, against an environment of the emulator with two accounts."""

    def __init__(self, emulator: EmulatorHandle, directory: Path) -> None:
        self.environment = emulator.create_environment()
        self.environment.seed(tenants=list(OF_OTHERS))
        self.state = directory / "state.json"
        self.lines: list[str] = []
        self.environ = {
            "FRONTEGG_CLIENT_ID": self.environment.client_id,
            "FRONTEGG_SECRET_KEY": self.environment.secret,
            "FRONTEGG_BASE_URL": self.environment.url,
        }

    def run(self, *arguments: str, say: Callable[[str], object] | None = None, answer: str | None = None) -> int:
        def note(line: str) -> None:
            self.lines.append(line)
            if say is not None:
                say(line)

        return main(
            ["--state", str(self.state), *arguments],
            environ=self.environ,
            say=note,
            ask=None if answer is None else lambda _: answer,
        )

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    def accounts(self) -> set[str]:
        with self.environment.client() as frontegg:
            return {tenant.tenant_id for tenant in frontegg.tenants.list()}


@pytest.fixture
def kit(emulator: EmulatorHandle, tmp_path: Path) -> Kit:
    return Kit(emulator, tmp_path)


@pytest.mark.slow
def test_a_run_that_writes(kit: Kit, tmp_path: Path) -> None:
    """Everything that is tried holds, nothing is left, and the reports have no data of the environment."""
    as_json, as_markdown = tmp_path / "report.json", tmp_path / "report.md"
    assert kit.run("--write", "--yes", "--report", str(as_json), "--report", str(as_markdown)) == 0
    assert kit.accounts() == {"north", "south"}
    assert not kit.state.exists()
    report = json.loads(as_json.read_text())
    assert "the budget of requests is used up" not in kit.text
    # All that is sent is counted. The last two are those of `accounts`, and two have no token and are elsewhere.
    assert report["requests"] == len(kit.environment.journal()) - 2 + 2
    assert REQUESTS[True] - 10 <= report["requests"] <= REQUESTS[True]
    assert {row["status"] for row in report["results"]} == {"held", "not tried"}
    assert {row["status"] for row in report["results"] if not row["how"]} == {"held"}
    assert (report["environment"], report["place"], report["writes"]) == ("development", "a loopback address", True)
    effects = [entry.effect for entry in kit.environment.journal() if entry.effect is not None]
    touched = {each for effect in effects for each in effect.created}
    private = (*kit.environ.values(), "127.0.0.1", "north", "south", "North Ltd", *touched)
    for text in (as_json.read_text(), as_markdown.read_text()):
        assert [word for word in private if word in text] == []
        assert "A get answers with an object" in text
    assert any(each.startswith("conformance-") for each in touched)
    assert {"north", "south"}.isdisjoint(each for effect in effects for each in (*effect.changed, *effect.deleted))


def test_a_run_that_reads(kit: Kit) -> None:
    assert kit.run("--rate", "60000") == 0
    journal = kit.environment.journal()
    assert {entry.method for entry in journal if entry.route not in READS} == {"GET"}
    assert "The kit only reads." in kit.text
    assert "held       accounts: A get answers with an object (client)" in kit.lines


def test_a_difference(kit: Kit, tmp_path: Path) -> None:
    kit.environment.set_switch("unknown_alias", "null")
    report = tmp_path / "report.md"
    assert kit.run("--report", str(report)) == 1
    line = "An unknown alias answers 404 (assumed): the service answers 200 with null"
    assert f"differs    accounts: {line}" in kit.lines
    assert f"## Differs: accounts\n\n- {line} (`unknown_alias`)" in report.read_text()


@pytest.mark.parametrize(("name", "status"), [("SIGINT", 130), ("SIGTERM", 143), ("SIGHUP", 129)])
def test_signals(kit: Kit, tmp_path: Path, name: str, status: int) -> None:
    """The first ends the checks, and what was made is deleted."""
    number = getattr(signal, name, None)
    if number is None:
        pytest.skip("this platform has no such signal")

    def interrupt(line: str) -> None:
        if "A create answers 201" in line:
            signal.raise_signal(number)

    report = tmp_path / "report.json"
    before = signal.getsignal(number)
    signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)
    try:
        assert kit.run("--write", "--yes", "--report", str(report), say=interrupt) == status
        assert number == signal.SIGINT or signal.getsignal(number) is signal.SIG_DFL
    finally:
        signal.signal(number, before)
    assert kit.accounts() == {"north", "south"}
    assert not kit.state.exists()
    assert kit.lines[-3] == "Everything is deleted."
    interrupted = [row for row in json.loads(report.read_text())["results"] if row["how"] == "interrupted"]
    assert {row["status"] for row in interrupted} == {"not tried"}


def test_a_second_signal(kit: Kit, capsys: pytest.CaptureFixture[str]) -> None:
    """It ends clean-up, too, and the record still has what there is to delete."""

    def interrupt(line: str) -> None:
        if "A create answers 201" in line or line.startswith("Cleaning up"):
            signal.raise_signal(signal.SIGTERM)

    assert kit.run("--write", "--yes", say=interrupt) == 143
    assert f"interrupted; --clean deletes the objects in {kit.state}" in capsys.readouterr().err
    assert kit.accounts() > {"north", "south"}
    assert kit.run("--clean") == 0
    assert kit.accounts() == {"north", "south"}
    assert list(kit.state.parent.iterdir()) == []


def test_a_signal_where_ctrl_c_is_ignored(kit: Kit) -> None:
    """As in the background of a script."""

    def interrupt(line: str) -> None:
        if "A create answers 201" in line:
            signal.raise_signal(signal.SIGTERM)

    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        assert kit.run("--write", "--yes", say=interrupt) == 143
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)
    assert kit.lines[-3] == "Everything is deleted."
    assert kit.accounts() == {"north", "south"}


def test_a_crash_while_cleaning_up(kit: Kit) -> None:
    """What is left is deleted by --clean, and nothing that only has the prefix inside."""

    def crash(line: str) -> None:
        if line.startswith("Cleaning up"):
            raise RuntimeError(line)

    with pytest.raises(RuntimeError):
        kit.run("--write", "--yes", "--budget", "60", say=crash)
    made = Made.read(kit.state)
    foreign = f"not-{made.prefix}first"
    with kit.environment.client() as frontegg:
        frontegg.tenants.create(tenant_id=foreign, name="Not of the kit")
        left = {tenant.tenant_id for tenant in frontegg.tenants.list(filter=made.prefix)}
    assert made.accounts[0] in left
    assert kit.run("--write", "--yes") == 2  # clean up first
    assert kit.run("--clean") == 0
    assert kit.accounts() == {"north", "south", foreign}
    assert not kit.state.exists()
    assert kit.run("--clean") == 2


def test_rows_are_deleted_before_their_account(kit: Kit) -> None:
    kit.run()
    made = Made.begin(kit.state, "x")
    tenant_id = made.account("first")
    with kit.environment.client() as frontegg:
        frontegg.tenants.create(tenant_id=tenant_id, name="First")
        group = frontegg.groups.create(tenant_id, name="Group")
    made.row(groups.DELETE, {"group_id": group.id}, tenant_id)
    kit.state.write_text(kit.state.read_text().replace('"x"', json.dumps(place(kit))))
    assert kit.run("--clean") == 0
    deleted = [entry.route for entry in kit.environment.journal() if entry.method == "DELETE"]
    assert deleted == ["groups.delete", "tenants.delete"]
    with pytest.raises(ValueError, match="deletes no row"):
        made.row(groups.DELETE, {"group_id": group.id}, "north")


def test_users_who_outlive_their_account(kit: Kit) -> None:
    """They are deleted too, and nobody whose address is not that of a user of the run."""
    kit.environment.set_switch("users_of_deleted_tenants", "listed")
    made = Made.begin(kit.state, place(kit))
    tenant_id, theirs = made.account("first"), "ann@north.example"
    with kit.environment.client() as frontegg:
        frontegg.tenants.create(tenant_id=tenant_id, name="First")
        for owner, email in ((tenant_id, f"{tenant_id}-ann@conformance.invalid"), ("north", theirs)):
            made.row(users.REMOVE, {"user_id": frontegg.users.invite(owner, email=email).id}, tenant_id)
    unlisted = kit.environment.add_fault(
        stage="before_commit", action={"type": "status", "status": 403}, match={"path": "/identity/resources/users/v3"}
    )
    assert kit.run("--clean") == 1
    kit.environment.delete_fault(unlisted)
    assert kit.run("--clean") == 0
    with kit.environment.client() as frontegg:
        assert [user.email for user in frontegg.users.list()] == [theirs]


def place(kit: Kit) -> str:
    return place_of(make_probe(kit.environ, Budget()).client, kit.environ)


def test_the_budget(kit: Kit) -> None:
    """What no request is left for is not tried, and there are enough to clean up."""
    assert kit.run("--write", "--yes", "--budget", "60") == 0
    assert len(kit.environment.journal()) <= 60
    assert "the budget of requests is used up" in kit.text
    assert kit.accounts() == {"north", "south"}


def test_a_service_that_fails(kit: Kit) -> None:
    kit.environment.add_fault(
        stage="before_commit",
        action={"type": "status", "status": 503},
        match={"method": "GET", "path": "/tenants/resources/tenants/v2/*", "times": 2},
    )
    assert kit.run() == 0
    assert (
        "accounts: A get by an unknown id answers 200 with an empty array (documented): the service answers 503"
        in kit.text
    )


def test_a_service_that_fails_most_requests(kit: Kit, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """It is no success, and there is a report."""
    kit.environment.add_fault(stage="accept", action={"type": "status", "status": 500}, match={"method": "GET"})
    report = tmp_path / "report.json"
    assert kit.run("--budget", "20", "--report", str(report)) == 2
    assert "most requests failed, so the results are no evidence" in capsys.readouterr().err
    assert report.exists()


@pytest.mark.parametrize(
    ("switch", "value", "message"),
    [
        ("environment_type", "production", "the environment is production: --write is refused"),
        ("environment_details", "refuse", "the environment does not report its kind, and may be production"),
    ],
)
def test_production_is_never_written_to(
    kit: Kit, capsys: pytest.CaptureFixture[str], switch: str, value: str, message: str
) -> None:
    kit.environment.set_switch(switch, value)
    assert kit.run("--write", "--yes") == 2
    assert message in capsys.readouterr().err
    assert {entry.method for entry in kit.environment.journal() if entry.route != "auth.authenticate"} == {"GET"}
    assert not kit.state.exists()


@pytest.mark.parametrize(
    ("arguments", "answer", "message"),
    [
        (["--write"], None, "no terminal to ask at"),
        (["--write"], "n", "was not confirmed: nothing was written"),
        (["--write", "--yes", "--state", "/nowhere/state.json"], None, "cannot be written"),
        (["--clean", "--state", "/nowhere/state.json"], None, "there is nothing to clean up"),
        (["--clean", "--state", os.devnull], None, "is not a file"),
        (["--write", "--yes", "--state", os.curdir], None, "is not a file"),
        (["--base-url", "http://api.example.com"], None, "FRONTEGG_BASE_URL"),
    ],
)
def test_refusals(
    kit: Kit, capsys: pytest.CaptureFixture[str], arguments: list[str], answer: str | None, message: str
) -> None:
    assert kit.run(*arguments, answer=answer) == 2
    assert message in capsys.readouterr().err
    assert kit.accounts() == {"north", "south"}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--report", "report.txt"], "ends with .json or .md"),
        (["--report", ".md"], "ends with .json or .md"),
        (["--report", "nowhere/report.md"], "the directory of the report 'nowhere/report.md' does not exist"),
        (["--report", "database.md"], "database.md is a SQLite database"),
        (["--budget", "9"], "at least 10 are needed"),
        (["--budget", "-3"], "at least 10 are needed"),
        (["--rate", "nan"], "not from 1 to 60000"),
        (["--rate", "inf"], "not from 1 to 60000"),
        (["--budget", "many"], "invalid number value"),
        (["--rate", "0"], "not from 1 to 60000"),
        (["--clean", "--write"], "--clean cannot be combined with"),
    ],
)
def test_arguments_that_are_not_allowed(
    kit: Kit,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    *,
    arguments: list[str],
    message: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("database.md").write_bytes(b"SQLite format 3\0")
    with pytest.raises(SystemExit) as ended:
        kit.run(*arguments)
    assert ended.value.code == 2
    assert message in capsys.readouterr().err
    assert not kit.environment.journal()


def test_a_reader_that_has_enough(kit: Kit, monkeypatch: pytest.MonkeyPatch) -> None:
    """The run ends when nobody reads what it prints."""
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "w") as output:
        monkeypatch.setattr(sys, "stdout", output)
        assert main(["--state", str(kit.state), "--write", "--yes"], environ=kit.environ) == 130
    assert not kit.state.exists()


@pytest.mark.parametrize("option", ["--write", "--clean"])
def test_settings_that_forbid_writes(kit: Kit, capsys: pytest.CaptureFixture[str], option: str) -> None:
    kit.environ["FRONTEGG_READ_ONLY"] = "1"
    assert kit.run(option, "--yes") == 2
    assert f"{option} is refused, since FRONTEGG_READ_ONLY says" in capsys.readouterr().err
    assert not kit.environment.journal()


def test_a_report_in_the_place_of_the_record(kit: Kit, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever it is called."""
    (tmp_path / "link.json").symlink_to(kit.state)
    for report in (kit.state, tmp_path / "." / "link.json"):
        with pytest.raises(SystemExit) as ended:
            kit.run("--write", "--yes", "--report", str(report))
        assert ended.value.code == 2
        assert "--report and --state name the same file" in capsys.readouterr().err
    assert not kit.environment.journal()


def test_a_report_that_cannot_be_written(kit: Kit, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It is known before anything is sent."""
    report = tmp_path / "report.md"
    report.mkdir()
    with pytest.raises(SystemExit):
        kit.run("--report", str(report))
    assert "is a directory" in capsys.readouterr().err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this platform has no such device")
def test_an_output_that_is_full(kit: Kit, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    with Path("/dev/full").open("w") as output:
        monkeypatch.setattr(sys, "stdout", output)
        assert main(["--state", str(kit.state), "--write", "--yes"], environ=kit.environ) == 2
    assert "standard output cannot be written: No space left on device" in capsys.readouterr().err
    assert not kit.state.exists()


def test_a_question_without_an_answer(kit: Kit, capsys: pytest.CaptureFixture[str]) -> None:
    def end(_: str) -> str:
        raise EOFError

    assert main(["--state", str(kit.state), "--write"], environ=kit.environ, ask=end) == 130
    said = capsys.readouterr()
    assert "The kit makes accounts whose ids begin with conformance-" in said.out
    assert "frontegg conformance: interrupted" in said.err


@pytest.mark.parametrize(
    ("settings", "place"),
    [
        ({"FRONTEGG_REGION": "us"}, "region us"),
        ({"FRONTEGG_BASE_URL": "https://login.example.com"}, "an address of its own"),
    ],
)
def test_a_place_is_told_without_its_address(settings: dict[str, str], place: str) -> None:
    probe = make_probe({"FRONTEGG_CLIENT_ID": "c", "FRONTEGG_SECRET_KEY": "s", **settings}, Budget())
    assert Run(probe=probe, say=print).place == place


def test_a_confirmed_run(kit: Kit) -> None:
    assert kit.run("--write", "--budget", "20", "--rate", "60000", answer="yes") == 0
    assert "at most 20, 60000 a minute: about 1 minute." in kit.text
    assert "give a larger --budget" in kit.text


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        "{",
        "",
        '{"place": "p", "prefix": "north", "accounts": [], "rows": []}',
        '{"place": "p", "prefix": "conformance-0123456789ab-", "accounts": ["north"], "rows": []}',
        '{"place": "p", "prefix": "conformance-0123456789ab-", "accounts": [], "rows": [["tenants.create", {}, ""]]}',
        (
            '{"place": "p", "prefix": "conformance-0123456789ab-", "accounts": [], "rows": '
            '[["tenants.delete", {"tenant_id": "north"}, "conformance-0123456789ab-first"]]}'
        ),
    ],
)
def test_records_that_are_none(tmp_path: Path, text: str) -> None:
    path = tmp_path / "state.json"
    path.write_text(text)
    with pytest.raises(ConfigurationError, match="is not a record of a run" if text else "is empty"):
        Made.read(path)


def test_nothing_is_made_that_cannot_be_noted(kit: Kit, capsys: pytest.CaptureFixture[str]) -> None:
    def fill_disk(line: str) -> None:
        if line.startswith("held"):
            kit.state.unlink()
            kit.state.symlink_to("gone/state")

    assert kit.run("--write", "--yes", say=fill_disk) == 2
    assert "cannot be written" in capsys.readouterr().err
    assert kit.lines[-1] == "Everything is deleted."
    assert kit.accounts() == {"north", "south"}


def test_the_record_of_another_environment(kit: Kit, capsys: pytest.CaptureFixture[str]) -> None:
    Made.begin(kit.state, "elsewhere").account("first")
    assert kit.run("--clean") == 2
    assert "belongs to a run against another environment" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("settings", "host", "origin"),
    [
        ({"FRONTEGG_REGION": "us", "FRONTEGG_DOMAIN": "app-acme.us"}, None, "https://app-acme.us.frontegg.com"),
        ({"FRONTEGG_REGION": "us"}, "app-acme.us.frontegg.com", "https://app-acme.us.frontegg.com"),
        ({"FRONTEGG_REGION": "us"}, "app.example.com", None),
        ({"FRONTEGG_REGION": "us"}, None, None),
        ({"FRONTEGG_BASE_URL": "https://login.example.com/frontegg"}, None, "https://login.example.com"),
    ],
)
def test_where_the_public_keys_are(settings: dict[str, str], host: str | None, origin: str | None) -> None:
    """At the sub-domain of the settings, or at the one that the service tells."""
    probe = make_probe({"FRONTEGG_CLIENT_ID": "c", "FRONTEGG_SECRET_KEY": "s", **settings}, Budget())

    async def told() -> Answer:
        return Answer(status=200, body={"host": host})

    async def found() -> str:
        await probe.once(ENVIRONMENT, told)
        return await sub_domain(probe)

    if origin is None:
        with pytest.raises(NotTriedError, match="FRONTEGG_DOMAIN"):
            asyncio.run(found())
    else:
        assert asyncio.run(found()) == origin


def test_no_answer_to_a_plain_request() -> None:
    """The error has nothing of the request."""
    with pytest.raises(NotTriedError, match="there was no response: ") as raised:
        asyncio.run(send_plainly("GET", "http://127.0.0.1:9/", Hidden({"x-access-token": "kept-to-itself"})))
    assert raised.value.__context__ is None
