"""The commands of manage.py."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Iterator
from typing import Any, Final

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

from frontegg_async.emulator.blocking import EmulatorHandle

pytestmark = pytest.mark.usefixtures("site")


def _run(*words: str) -> str:
    output = io.StringIO()
    call_command(*words, stdout=output, skip_checks=False)
    return output.getvalue()


def _names(output: str) -> list[str]:
    return [line.split("  ")[-1] for line in output.splitlines()]


def test_tenants_are_listed() -> None:
    """One on a line: id, day and name."""
    output = _run("frontegg_tenants", "--sort=name")

    assert _names(output) == ["Kiosk 7", "North"]
    assert output.startswith("kiosk ")
    assert _names(_run("frontegg_tenants", "--sort=name", "--reverse")) == ["North", "Kiosk 7"]


def test_tenants_are_chosen() -> None:
    """By a text, by their ids, and by how many."""
    assert _names(_run("frontegg_tenants", "--filter=kio")) == ["Kiosk 7"]
    assert _names(_run("frontegg_tenants", "--id=north", "--id=nobody")) == ["North"]
    assert len(_names(_run("frontegg_tenants", "--limit=1"))) == 1


def test_tenants_are_counted() -> None:
    """For people and for programs."""
    assert _run("frontegg_tenants", "--count") == "2\n"
    assert json.loads(_run("frontegg_tenants", "--count", "--json", "--filter=kio")) == {"count": 1}


def test_tenants_are_json_lines() -> None:
    """With what they have, by the names of the SDK."""
    first, _ = (json.loads(line) for line in _run("frontegg_tenants", "--json", "--sort=id").splitlines())

    assert (first["tenant_id"], first["name"]) == ("kiosk", "Kiosk 7")
    assert first["created_at"].endswith("+00:00")
    assert "logo" not in first


def test_a_tree_is_drawn() -> None:
    """As text, or for the tools that draw."""
    assert _run("frontegg_tree", "north") == "North (north)\n└── Kiosk 7 (kiosk)\n"
    assert "kiosk" not in _run("frontegg_tree", "north", "--depth=0")
    assert _run("frontegg_tree", "north", "--format=mermaid").startswith("flowchart")
    assert _run("frontegg_tree", "north", "--format=dot").startswith("digraph")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("frontegg_tree", "nobody"), "there is no tenant 'nobody'"),
        (("frontegg_tree", "north", "--depth=-1"), "max_depth"),
        (("frontegg_tree", "north", "--depth=1", "--format=dot"), "--depth is for text, and not for dot"),
        (("frontegg_tenants", "--limit=0"), "--limit must be at least 1"),
        (("frontegg_tenants", "--limit=1", "--count"), "--limit and --count exclude each other"),
    ],
)
def test_what_goes_wrong_is_one_line(words: tuple[str, ...], message: str) -> None:
    """And no traceback."""
    with pytest.raises(CommandError, match=message):
        _run(*words)


def test_a_service_that_cannot_be_reached_is_one_line(given: dict[str, Any]) -> None:
    """It says where it was looked for."""
    value = {**given, "BASE_URL": "http://127.0.0.1:9", "OPTIONS": {"max_retries": 0}}
    with override_settings(FRONTEGG=value), pytest.raises(CommandError, match=r"127\.0\.0\.1"):
        _run("frontegg_tenants")


NAME: Final = "Café Ανατολή \N{CONVENIENCE STORE}"


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-8"])
def test_encodings_without_a_letter_do(frontegg_emulator: EmulatorHandle, encoding: str) -> None:
    """What is lacking is escaped: in JSON as JSON has it, so that a program reads the name as it is."""
    frontegg_emulator.seed(tenants=[{"tenantId": "cafe", "name": NAME}])

    def run(*words: str) -> str:
        output = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
        call_command(*words, stdout=output)
        output.seek(0)
        return output.read()

    shown = NAME.encode(encoding, "backslashreplace").decode(encoding)
    assert _names(run("frontegg_tenants", "--id=cafe")) == [shown]
    assert run("frontegg_tree", "cafe") == f"{shown} (cafe)\n"
    as_json = run("frontegg_tenants", "--id=cafe", "--json")
    assert json.loads(as_json)["name"] == NAME
    assert (NAME in as_json) == (encoding == "utf-8")


@pytest.fixture
def left() -> Iterator[io.TextIOWrapper]:
    """A pipe whose reader has gone."""
    reader, writer = os.pipe()
    os.close(reader)
    output = io.TextIOWrapper(io.FileIO(writer, "w"), encoding="utf-8")
    yield output
    output.detach().close()


@pytest.mark.parametrize("words", [("frontegg_tenants",), ("frontegg_tenants", "--count"), ("frontegg_tree", "north")])
def test_a_reader_may_leave(monkeypatch: pytest.MonkeyPatch, left: io.TextIOWrapper, words: tuple[str, ...]) -> None:
    """As ``| head`` does: the command ends without a word, and what is left to write does no harm."""
    monkeypatch.setattr(sys, "stdout", left)
    with pytest.raises(SystemExit) as ended:
        call_command(*words)

    assert ended.value.code == 1
    left.write("more")
    left.flush()


def test_outputs_of_others_are_theirs(monkeypatch: pytest.MonkeyPatch, left: io.TextIOWrapper) -> None:
    """A program that gives a command its output is told when nobody reads it."""
    for own in (sys.__stdout__, io.StringIO()):
        monkeypatch.setattr(sys, "stdout", own)
        with pytest.raises(BrokenPipeError):
            call_command("frontegg_tenants", stdout=left)
