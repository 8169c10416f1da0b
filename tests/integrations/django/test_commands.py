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

from frontegg_async.emulator import EmulatorHandle

pytestmark = pytest.mark.usefixtures("site")


def _run(*words: str) -> str:
    output = io.StringIO()
    call_command(*words, stdout=output, skip_checks=False)
    return output.getvalue()


def _names(output: str) -> list[str]:
    return [line.split("  ")[-1] for line in output.splitlines()]


def test_tenants_are_listed() -> None:
    """One tenant per line: id, date and name."""
    output = _run("frontegg_tenants", "--sort=name")

    assert _names(output) == ["Kiosk 7", "North"]
    assert output.startswith("kiosk ")
    assert _names(_run("frontegg_tenants", "--sort=name", "--reverse")) == ["North", "Kiosk 7"]


def test_tenants_are_chosen() -> None:
    """Tenants are selected by text, by id, and by a limit."""
    assert _names(_run("frontegg_tenants", "--filter=kio")) == ["Kiosk 7"]
    assert _names(_run("frontegg_tenants", "--id=north", "--id=nobody")) == ["North"]
    assert len(_names(_run("frontegg_tenants", "--limit=1"))) == 1


def test_tenants_are_counted() -> None:
    """The count is printed as text or as JSON."""
    assert _run("frontegg_tenants", "--count") == "2\n"
    assert json.loads(_run("frontegg_tenants", "--count", "--json", "--filter=kio")) == {"count": 1}


def test_tenants_are_json_lines() -> None:
    """The JSON has the fields of the tenant, with the SDK's names."""
    first, _ = (json.loads(line) for line in _run("frontegg_tenants", "--json", "--sort=id").splitlines())

    assert (first["tenant_id"], first["name"]) == ("kiosk", "Kiosk 7")
    assert first["created_at"].endswith("+00:00")
    assert "logo" not in first


def test_a_tree_is_drawn() -> None:
    """The tree is drawn as text, Mermaid or Graphviz."""
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
def test_errors_are_one_line(words: tuple[str, ...], message: str) -> None:
    """An error is one line, without a traceback."""
    with pytest.raises(CommandError, match=message):
        _run(*words)


def test_an_unreachable_service_is_one_line(given: dict[str, Any]) -> None:
    """The line names the address."""
    value = {**given, "BASE_URL": "http://127.0.0.1:9", "OPTIONS": {"max_retries": 0}}
    with override_settings(FRONTEGG=value), pytest.raises(CommandError, match=r"127\.0\.0\.1"):
        _run("frontegg_tenants")


NAME: Final = "Café Ανατολή \N{CONVENIENCE STORE}"


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-8"])
def test_limited_encodings(frontegg_emulator: EmulatorHandle, encoding: str) -> None:
    """Missing characters are escaped; JSON uses its own escapes, so that programs read the original name."""
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
    """A pipe whose reader is closed."""
    reader, writer = os.pipe()
    os.close(reader)
    output = io.TextIOWrapper(io.FileIO(writer, "w"), encoding="utf-8")
    yield output
    output.detach().close()


@pytest.mark.parametrize("words", [("frontegg_tenants",), ("frontegg_tenants", "--count"), ("frontegg_tree", "north")])
def test_a_closed_pipe_ends_the_command(
    monkeypatch: pytest.MonkeyPatch, left: io.TextIOWrapper, words: tuple[str, ...]
) -> None:
    """With ``| head`` the command ends silently, and the rest of the output is discarded."""
    monkeypatch.setattr(sys, "stdout", left)
    with pytest.raises(SystemExit) as ended:
        call_command(*words)

    assert ended.value.code == 1
    left.write("more")
    left.flush()


def test_a_given_output_raises_its_own_errors(monkeypatch: pytest.MonkeyPatch, left: io.TextIOWrapper) -> None:
    """A program that passes its own output stream gets the error of a closed pipe."""
    for own in (sys.__stdout__, io.StringIO()):
        monkeypatch.setattr(sys, "stdout", own)
        with pytest.raises(BrokenPipeError):
            call_command("frontegg_tenants", stdout=left)
