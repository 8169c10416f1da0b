"""``--where``, ``--sort``, and errors as JSON."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping

import click
import make_command_reference
import pytest

from frontegg_async.cli.parameters import FieldName, Words
from frontegg_async.emulator.blocking_handle import EmulatorHandle
from tests.cli.conftest import Run
from tests.support.nursery import forked

_LISTS = [each for each in make_command_reference.commands() if any("--where" in p.opts for p in each[0].params)]


@pytest.fixture(autouse=True)
def _tenants(emulator: EmulatorHandle) -> None:
    """Three accounts, one of them locked."""
    emulator.seed(
        tenants=[
            {"tenantId": "a", "name": "A", "metadata": '{"plan": "free", "seats": 3}'},
            {"tenantId": "b", "name": "B", "metadata": '{"plan": "free", "seats": 4}'},
            {"tenantId": "c", "name": "C", "metadata": '{"plan": "pro", "city": "K\u00f6ln"}', "status": "new"},
        ]
    )
    with emulator.client() as client:
        client.tenants.lock(["b"])


@pytest.mark.parametrize(
    ("conditions", "found"),
    [
        (["is_locked=true"], ["b"]),
        (["is_locked=true", "metadata.plan=free"], ["b"]),
        (["metadata.seats=3"], ["a"]),
        (["status="], ["a", "b"]),
        (["metadata.plan=none"], []),
        (["metadata.city=K\u00f6ln"], ["c"]),
        (["metadata.city=Ko\u0308ln"], ["c"]),
    ],
)
def test_rows_are_chosen(conditions: list[str], found: list[str], run: Run) -> None:
    """All conditions must be met."""
    options = [word for each in conditions for word in ("--where", each)]
    ran = run("tenants", "list", "--output", "id", "--sort", "tenant_id", *options)
    assert (ran.code, ran.out.split()) == (0, found)


def test_a_limit_counts_the_rows_that_are_written(run: Run) -> None:
    """Others are read, and not written."""
    options = ("--where", "metadata.plan=free", "--limit", "1", "--sort", "tenant_id", "--order", "desc")
    assert run("tenants", "list", "--output", "id", *options).out.split() == ["b"]
    assert run("tenants", "list", "--output", "id", "--where", "name=A", "--limit", "0").out == ""


@pytest.mark.slow
def test_a_program_chooses_rows(environ: Mapping[str, str]) -> None:
    """Its table has the state of locks."""
    command = [*forked(), "tenants", "list", "--where", "is_locked=true", "--output", "table"]
    ran = subprocess.run(command, capture_output=True, env={**environ, "COLUMNS": "80"}, encoding="utf-8", check=True)
    header, row = ran.stdout.splitlines()
    assert header.split()[:3] == ["tenant_id", "name", "is_locked"]
    assert row.split()[:3] == ["b", "B", "true"]


@pytest.mark.parametrize(
    ("condition", "message"),
    [
        ("is_locked", "--where 'is_locked' is not FIELD=VALUE, such as is_locked=true"),
        ("locked=true", "--where must name one of tenant_id, name, "),
    ],
)
def test_refused_conditions(condition: str, message: str, run: Run, emulator: EmulatorHandle) -> None:
    """Nothing is sent."""
    sent = len(emulator.journal())
    ran = run("tenants", "list", "--where", condition)
    assert ran.code == 2
    assert message in ran.err
    assert len(emulator.journal()) == sent


def test_every_listing_can_be_filtered() -> None:
    """Those of models that have lists, also of the user's client."""
    paths = {context.command_path for _, context in _LISTS}
    assert {"frontegg tenants list", "frontegg users list", "frontegg roles list", "frontegg user users list"} <= paths
    commands = make_command_reference.commands()
    listings = {context.command_path for command, context in commands if command.name == "list"}
    assert listings - paths == {"frontegg profiles list"}


def test_sort_takes_the_names_of_its_help() -> None:
    """And those of the service."""
    taken = 0
    for command, context in _LISTS:
        for parameter in command.params:
            if isinstance(parameter, click.Option) and "--sort" in parameter.opts:
                kind = parameter.type
                assert isinstance(kind, Words | FieldName), context.command_path
                names = kind.choices if isinstance(kind, Words) else ["created_at"]
                assert all(kind.convert(name, parameter, context) for name in names)
                taken += 1
    assert taken > 10


def test_audits_are_sorted_by_a_field_of_their_rows(run: Run) -> None:
    """Its help shows the default as the field is called in rows."""
    assert "(default: created_at)" in run("audits", "list", "--help").out
    assert run("audits", "list", "--sort", "created_at").code == 0


@pytest.mark.parametrize(
    ("words", "error", "code"),
    [
        (["tenants", "get", "nope", "-o", "json"], "NotFoundError", 1),
        (["-o", "json", "tenants", "gett"], "UsageError", 2),
        (["tenants", "gett", "--output=json"], "UsageError", 2),
        (["tenants", "list", "--limit", "x", "--output", "json"], "UsageError", 2),
        (["tenants", "delete", "a", "-ojson"], "UsageError", 2),
    ],
)
def test_errors_as_json(words: list[str], error: str, code: int, run: Run) -> None:
    """One line on standard error, also of command lines that are wrong."""
    ran = run(*words)
    found = json.loads(ran.err)
    assert (ran.code, ran.out) == (code, "")
    assert (found["error"], found["exit_code"]) == (error, code)
    assert found["message"]
    if error == "NotFoundError":
        assert (found["status"], bool(found["trace_id"])) == (404, True)
