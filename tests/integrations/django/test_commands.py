"""The commands of manage.py."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

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
