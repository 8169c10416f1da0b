"""The commands of manage.py."""

from __future__ import annotations

import csv
import io
import json
import os
import sys
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

import attrs
import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

from frontegg_async import Tenant
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


def test_tenants_are_csv(frontegg_emulator: EmulatorHandle) -> None:
    """The header names all fields in their order; JSON values are JSON text, and each value stays in its column."""
    frontegg_emulator.seed(tenants=[{"tenantId": "odd", "name": 'A, "B"\nC', "metadata": {"plan": "pro"}}])
    written = _run("frontegg_tenants", "--csv", "--sort=id", "--id=odd", "--id=north")
    north, odd = csv.DictReader(io.StringIO(written, newline=""))

    assert list(odd) == [field.name for field in attrs.fields(Tenant) if field.name != "extra"]
    assert (odd["tenant_id"], odd["name"], json.loads(odd["metadata"])) == ("odd", 'A, "B"\nC', {"plan": "pro"})
    assert datetime.fromisoformat(odd["created_at"]).tzinfo is not None
    assert (north["name"], north["is_reseller"], north["logo"]) == ("North", "false", "")
    assert _run("frontegg_tenants", "--csv", "--id=nobody") == ",".join(odd) + "\n"
    assert _run("frontegg_tenants", "--csv", "--count") == "count\n3\n"


def test_a_tree_is_a_table() -> None:
    """A row or an object for each tenant, from the top; the columns are the same."""
    rows = [("north", "North", None, 0), ("kiosk", "Kiosk 7", "north", 1)]
    names = ("tenant_id", "name", "parent_tenant_id", "depth")

    written = [json.loads(line) for line in _run("frontegg_tree", "north", "--json").splitlines()]
    assert written == [dict(zip(names, row, strict=True)) for row in rows]
    assert _run("frontegg_tree", "north", "--csv") == (
        "tenant_id,name,parent_tenant_id,depth\nnorth,North,,0\nkiosk,Kiosk 7,north,1\n"
    )


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
        (("frontegg_tree", "north", "--depth=-1"), "^--depth must be"),
        (("frontegg_tree", ".."), "^ID must not be"),
        (("frontegg_tenants", "--id", ""), "^--id must not be empty"),
        (("frontegg_tree", "north", "--depth=1", "--format=dot"), "--depth is for text, and not for dot"),
        (("frontegg_tree", "north", "--depth=1", "--csv"), "--depth is for text, and not for csv"),
        (("frontegg_tenants", "--csv", "--json"), "not allowed with argument"),
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
