"""The definition of faults, and the requests that they match."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from frontegg_async.emulator import EmulatorHandle
from frontegg_async.emulator.faults.spec import ALLOWED, Match
from frontegg_async.emulator.http.fault_actions import bomb, make_bomb
from tests.emulator.support import V2, Service


@pytest.mark.parametrize(
    ("spec", "word"),
    [
        ({}, "stage"),
        ([], "object"),
        ({"stage": "later", "action": {"type": "close"}}, "stage"),
        ({"stage": "accept"}, "action"),
        ({"stage": "accept", "action": {"type": "explode"}}, "action.type"),
        ({"stage": "accept", "action": {"type": ["close"]}}, "action.type"),
        ({"stage": "accept", "action": {"type": {}}}, "action.type"),
        ({"stage": ["accept"], "action": {"type": "close"}}, "stage"),
        ({"stage": "accept", "action": {"type": "truncate", "bytes": 1}}, "action.type"),
        ({"stage": "idle", "action": {"type": "status", "status": 500}}, "action.type"),
        ({"stage": "in_body", "action": {"type": "status", "status": 500}}, "action.type"),
        ({"stage": "accept", "action": {"type": "status"}}, "status"),
        ({"stage": "accept", "action": {"type": "status", "status": 199}}, "status"),
        ({"stage": "accept", "action": {"type": "status", "status": 500, "headers": {"a": "b\r\nc: d"}}}, "headers"),
        ({"stage": "accept", "action": {"type": "status", "status": 500, "headers": []}}, "headers"),
        ({"stage": "accept", "action": {"type": "status", "status": 500, "headers": {"a b": "c"}}}, "'a b'"),
        ({"stage": "accept", "action": {"type": "status", "status": 500, "headers": {"": "c"}}}, "''"),
        ({"stage": "accept", "action": {"type": "status", "status": 500, "headers": {"A": "1", "a": "2"}}}, "twice"),
        *(
            ({"stage": "accept", "action": {"type": "status", "status": 500, "headers": {name: "1"}}}, name.lower())
            for name in ("Content-Length", "Transfer-Encoding", "Connection")
        ),
        ({"stage": "accept", "action": {"type": "delay", "seconds": -1}}, "seconds"),
        ({"stage": "accept", "action": {"type": "delay", "seconds": "1"}}, "seconds"),
        ({"stage": "accept", "action": {"type": "delay"}}, "seconds"),
        ({"stage": "accept", "action": {"type": "close", "seconds": 1}}, "seconds"),
        ({"stage": "accept", "action": {"type": "redirect"}}, "location"),
        ({"stage": "accept", "action": {"type": "redirect", "location": "/", "status": 200}}, "status"),
        ({"stage": "accept", "action": {"type": "rate_limit", "with_header": 1}}, "with_header"),
        ({"stage": "accept", "action": {"type": "bomb", "encoding": "br", "size": 1}}, "encoding"),
        ({"stage": "accept", "action": {"type": "bomb", "size": 0}}, "size"),
        ({"stage": "in_body", "action": {"type": "drip", "bytes": 0, "every": 1}}, "bytes"),
        ({"stage": "accept", "action": {"type": "close"}, "match": {"nth": 0}}, "nth"),
        ({"stage": "accept", "action": {"type": "close"}, "match": {"times": True}}, "times"),
        ({"stage": "accept", "action": {"type": "close"}, "match": {"probability": 2}}, "probability"),
        ({"stage": "accept", "action": {"type": "close"}, "match": {"path": 1}}, "path"),
        ({"stage": "accept", "action": {"type": "close"}, "match": {"path": "tenants/*"}}, "begin with '/'"),
        ({"stage": "accept", "action": {"type": "close"}, "match": {"path": ""}}, "begin with '/'"),
        ({"stage": "accept", "action": {"type": "close"}, "match": {"path": "/frontegg/tenants/*"}}, "/frontegg"),
        ({"stage": "accept", "action": {"type": "close"}, "match": {"host": "x"}}, "host"),
        ({"stage": "accept", "action": {"type": "close"}, "more": 1}, "more"),
        ({"stage": "accept", "action": {"type": "close"}, "match": {"event": "frontegg.a"}}, "event"),
        ({"stage": "accept", "action": {"type": "lose"}}, "action.type"),
        ({"stage": "delivery", "action": {"type": "lose"}, "match": {"path": "/"}}, "path"),
        ({"stage": "delivery", "action": {"type": "lose"}, "match": {"event": 1}}, "event"),
        ({"stage": "delivery", "action": {"type": "close"}}, "action.type"),
    ],
)
@pytest.mark.anyio
async def test_bad_faults(service: Service, spec: Any, word: str) -> None:
    """They are 400, say what is wrong, and nothing is armed."""
    answer = await service.admin("POST", "faults", spec)
    assert answer.status == 400
    assert word in answer.json["error"]
    assert await service.emulator.faults() == []


@pytest.mark.parametrize(
    ("pattern", "key", "expected"),
    [
        ("frontegg.tenant.created", "frontegg.tenant.created", True),
        ("frontegg.tenant.created", "frontegg.tenant.created.", False),
        ("*.tenant.*", "frontegg.tenant.created", True),
        ("*.deleted", "frontegg.tenant.created", False),
        ("frontegg.[tu]*.created", "frontegg.user.created", True),
        ("frontegg.tenant", "frontegg.tenant.created", False),
        ("frontegg.tenant.*", "FRONTEGG.tenant.created", False),
    ],
)
def test_patterns(pattern: str, key: str, expected: bool) -> None:
    """Those of a shell, in any place, of events and of paths alike."""
    path, wanted = key.replace(".", "/"), pattern.replace(".", "/")
    assert Match(event=pattern).covers_event(key) is expected
    assert Match(path=wanted).covers("GET", path) is expected


@pytest.mark.parametrize("path", ["/auth/vendor", "/auth/vendor/", "/auth/vendor*", "/auth/vendor/*", "/auth/*"])
@pytest.mark.anyio
async def test_both_forms_of_authentication_are_one(service: Service, path: str) -> None:
    """A fault for either form meets both; it is shown as it was given."""
    await service.emulator.add_fault(stage="accept", action={"type": "status", "status": 503}, match={"path": path})
    body = {"clientId": service.emulator.client_id, "secret": service.emulator.secret}
    for sent in ("/auth/vendor", "/auth/vendor/", "/frontegg/auth/vendor/"):
        assert (await service.send("POST", sent, body)).status == 503
    assert (await service.send("GET", V2)).status == 200
    (shown,) = await service.emulator.faults()
    assert shown["match"] == {"path": path}
    assert [entry.path for entry in await service.emulator.journal()][-4:-1] == [
        "/auth/vendor",
        "/auth/vendor/",
        "/auth/vendor/",
    ]


def test_the_page_says_what_is_possible() -> None:
    """The table of stages and actions is what the emulator takes."""
    page = (Path(__file__).parents[2] / "docs" / "howto" / "faults.md").read_text(encoding="utf-8")
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in page.splitlines() if line.startswith("|")]
    start = next(index for index, row in enumerate(rows) if row[0] == "" and "`accept`" in row)
    stages = [cell.strip("`") for cell in rows[start][1:]]
    said = {
        (stage, kind.strip("` "))
        for row in rows[start + 2 : start + 8]
        for kind in row[0].split(",")
        for stage, cell in zip(stages, row[1:], strict=True)
        if cell == "yes"
    }
    assert said == {(stage, kind) for stage, kinds in ALLOWED.items() for kind in kinds}


@pytest.mark.anyio
async def test_a_bomb_is_made_once() -> None:
    """It is remembered by encoding and size."""
    first = await bomb("gzip", 12_345)
    assert await bomb("gzip", 12_345) is first
    assert await bomb("gzip", 12_346) is not first
    assert make_bomb("deflate", 12_345) != first


ACTIONS: dict[str, dict[str, Any]] = {
    "status": {"status": 503},
    "delay": {"seconds": 1},
    "rate_limit": {},
    "redirect": {"location": "/"},
    "reset": {},
    "close": {},
    "truncate": {"bytes": 1},
    "drip": {"bytes": 1, "every": 1},
    "garbage": {},
    "bomb": {"size": 1},
    "lose": {},
    "double": {},
    "swap": {},
}
"""The fields that each action needs, by its type."""


def test_a_fault_is_listed_with_its_type(frontegg_emulator: EmulatorHandle) -> None:
    """It is the one that it was made with: the dashboard finds its switches by that."""
    assert set(ACTIONS) == set().union(*ALLOWED.values())
    for kind, fields in ACTIONS.items():
        stage = next(stage for stage, allowed in ALLOWED.items() if kind in allowed)
        frontegg_emulator.add_fault(stage=stage, action={"type": kind, **fields})
    actions: list[Any] = [fault["action"] for fault in frontegg_emulator.faults()]
    assert [action["type"] for action in actions] == list(ACTIONS)
