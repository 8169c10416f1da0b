"""The file of a plan: its bytes, and every change of them that is refused."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import msgspec
import pytest

from frontegg_async import Plan
from frontegg_async.errors import InvalidArgumentError
from frontegg_async.plans.plan import make_plan
from frontegg_async.plans.plan_file import PlanNote
from frontegg_async.plans.write import Write

_WRITES = [
    Write(
        operation="add_metadata",
        key="acme",
        id="acme",
        generation=0,
        sets={"metadata": {"seats": 40}},
        before={"metadata": {"seats": 30}},
        why="a.yml:1",
    ),
    Write(operation="lock", key="north", id="north", generation=1, sets={}, before={"is_locked": False}, why="a.yml:2"),
]


def _plan(writes: list[Write] | None = None) -> Plan:
    chosen = _WRITES if writes is None else writes
    return make_plan(
        chosen,
        environment={"id": "e-1", "type": "staging"},
        inputs=[{"name": "a.yml", "sha256": "0" * 64}],
        accounts=36,
        notes=[PlanNote("shop", "settings", "not readable (403)")],
        allowed={},
    )


def test_a_plan_is_read_back_as_it_was_saved(tmp_path: Path) -> None:
    """With its digest, which is that of the file."""
    plan = _plan()
    plan.save(tmp_path / "plan.jsonl")
    again = Plan.load(tmp_path / "plan.jsonl")
    assert again.digest == plan.digest
    assert [*again] == [*plan]
    assert (again.environment_id, again.environment_type, again.accounts) == ("e-1", "staging", 36)
    assert (len(again), again.requests, again.emails, again.not_planned) == (2, 2, 0, 1)
    assert (tmp_path / "plan.jsonl").stat().st_mode & 0o077 == 0


def test_a_plan_shows_its_changes_and_its_digest() -> None:
    """As a table, aligned."""
    plan = _plan()
    assert [*plan.lines()] == [
        "~ acme   metadata.seats  30 \N{RIGHTWARDS ARROW} 40",
        "~ north  is_locked       false \N{RIGHTWARDS ARROW} true",
        "? shop   settings        not readable (403): not planned",
        f"2 changes, 1 not planned; 2 requests, 0 e-mails; plan {plan.digest[:12]}",
    ]
    assert "<td>metadata.seats" in plan._repr_html_().replace(' style="text-align:left;vertical-align:top"', "")
    assert next(plan.lines("jsonl")) == (
        '{"after":40,"before":30,"key":"acme","kind":"changed","note":null,"path":"metadata.seats","why":"a.yml:1"}'
    )
    assert [*plan.lines("markdown")][2] == "| changed | `acme` | `metadata.seats` | `30` | `40` |  |"


def test_a_person_is_shown_with_the_roles() -> None:
    """Who reviews a plan sees to whom it gives which role."""
    write = Write(
        operation="create_object",
        key="acme",
        id="",
        generation=0,
        sets={"name": "Ann", "roles.ReadOnly": True, "roles.Admin": True},
        before=None,
        why="f:1",
        part="users",
        object_key="ann@acme.example",
    )
    assert next(_plan([write]).lines()) == "+ acme  users.ann@acme.example  Ann; roles: Admin, ReadOnly"


def test_what_a_terminal_obeys_is_shown_as_text() -> None:
    """Names come from others."""
    write = Write(operation="create", key="a", id="a", generation=0, sets={"name": "\x1b[31m"}, before=None, why="f:1")
    assert next(_plan([write]).lines()).split() == ["+", "a", "\\x1b[31m"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"40", b"41"),
        (b'"set":{}', b'"set":{"a":1}'),
        (b'"writes":2', b'"writes":1'),
        (b"\n", b"\r\n"),
        (b"acme", b"acne"),
        (b'"key":"north"', b'"key":"south"'),
    ],
)
def test_a_changed_plan_is_refused(old: bytes, new: bytes, tmp_path: Path) -> None:
    """Wherever it was changed behind the first line."""
    _plan().save(tmp_path / "plan.jsonl")
    head, _, body = (tmp_path / "plan.jsonl").read_bytes().partition(b"\n")
    if old in head:
        head = head.replace(old, new)
    else:
        body = body.replace(old, new)
    (tmp_path / "plan.jsonl").write_bytes(head + b"\n" + body)
    with pytest.raises(InvalidArgumentError, match=r"plan.jsonl:1:1: the plan was changed or is damaged"):
        Plan.load(tmp_path / "plan.jsonl")


@pytest.mark.parametrize("cut", [1, 10, 100])
def test_a_plan_that_was_cut_off_is_refused(cut: int, tmp_path: Path) -> None:
    """As by a disk that is full."""
    _plan().save(tmp_path / "plan.jsonl")
    content = (tmp_path / "plan.jsonl").read_bytes()
    (tmp_path / "plan.jsonl").write_bytes(content[:-cut])
    with pytest.raises(InvalidArgumentError, match="the plan was changed or is damaged"):
        Plan.load(tmp_path / "plan.jsonl")


def test_a_change_of_the_first_line_changes_the_digest(tmp_path: Path) -> None:
    """The digest that was reviewed is that of the whole file."""
    plan = _plan()
    plan.save(tmp_path / "plan.jsonl")
    content = (tmp_path / "plan.jsonl").read_bytes().replace(b'"e-1"', b'"e-2"')
    (tmp_path / "plan.jsonl").write_bytes(content)
    assert Plan.load(tmp_path / "plan.jsonl").digest != plan.digest


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "the first line of a plan must have the format 'frontegg-plan/1', but it has no format"),
        (b"[]\n", "but it has no format"),
        (b"{\n", "but it has no format"),
        (b'{"format":"frontegg-plan/2"}\n', "but the format is 'frontegg-plan/2'"),
        (b'{"format":"frontegg-accounts/1","tenant_id":"a"}\n', "but the format is 'frontegg-accounts/1'"),
        (b'{"format":"frontegg-plan/1"}\n', "the first line is not the header of a plan"),
        (b'{"format":"frontegg-plan/1","format":"frontegg-plan/1"}\n', "but it has no format"),
        (b"\xff\xfe", "but it has no format"),
    ],
)
def test_what_is_no_plan_is_refused(content: bytes, message: str, tmp_path: Path) -> None:
    """With the place."""
    (tmp_path / "plan.jsonl").write_bytes(content)
    with pytest.raises(InvalidArgumentError) as caught:
        Plan.load(tmp_path / "plan.jsonl")
    assert caught.value.message.startswith(f"{tmp_path / 'plan.jsonl'}:1:1: ")
    assert message in caught.value.message


def test_a_ledger_is_not_overwritten_by_a_plan(tmp_path: Path) -> None:
    """It is a database."""
    (tmp_path / "ledger").write_bytes(b"SQLite format 3\0 and more")
    with pytest.raises(InvalidArgumentError):
        _plan().save(tmp_path / "ledger")


@pytest.mark.parametrize("path", [None, 3, b"plan.jsonl"])
def test_a_path_must_be_one(path: str) -> None:
    """Also for programs without a type checker."""
    with pytest.raises(InvalidArgumentError, match="path must be"):
        Plan.load(path)
    with pytest.raises(InvalidArgumentError, match="path must be"):
        _plan().save(path)


def _forged(change: dict[str, object], of_header: dict[str, object], path: Path) -> Path:
    """Write a plan of which a line and the first line were changed, and the digest was computed again."""
    _plan().save(path)
    head, *lines = [json.loads(line) for line in path.read_bytes().splitlines()]
    lines[1] |= change
    body = b"".join(json.dumps(line).encode() + b"\n" for line in lines)
    head |= {"digest": hashlib.sha256(body).hexdigest(), **of_header}
    path.write_bytes(json.dumps(head).encode() + b"\n" + body)
    return path


@pytest.mark.parametrize(
    ("change", "of_header", "message"),
    [
        ({"operation": "delete"}, {}, "its first line does not match the other lines"),
        ({}, {"counts": {"changed": 2}}, "its first line does not match the other lines"),
        ({}, {"accounts": 1_000}, "its first line does not match the other lines"),
        ({"operation": "assign"}, {}, "a plan has no operation 'assign'"),
        ({"operation": "rm -rf"}, {}, "a plan has no operation 'rm -rf'"),
        ({"set": {"name": "A"}}, {}, "lock has no column of this name; its columns are tenant_id"),
        ({"key": ""}, {}, "tenant_id must not be empty"),
        ({"before": None}, {}, "before must be null for a creation, and only for a creation"),
        ({"before": [1]}, {}, "before must be an object"),
        ({"generation": -1}, {}, "generation must not be lower than in the previous line"),
        ({"generation": 10**30}, {}, "generation must not be lower than in the previous line"),
        ({"id": "south"}, {}, "id must be the key of the account"),
        ({"more": 1}, {}, "the line is not a write of a plan"),
    ],
)
def test_a_forged_plan_is_refused(
    change: dict[str, object], of_header: dict[str, object], message: str, tmp_path: Path
) -> None:
    """Also if its digests were computed again: what it says must be what it does."""
    with pytest.raises(InvalidArgumentError) as caught:
        Plan.load(_forged(change, of_header, tmp_path / "plan.jsonl"))
    assert message in caught.value.message


def _forged_object(change: dict[str, object], path: Path) -> Path:
    """Write a plan that creates a webhook and changes a role, of which the change of the role is another one."""
    sets: dict[str, object] = {"url": "https://a.example", "secret": {"secret": "env:S"}, "event_keys.x": True}
    update = Write(
        operation="update_object",
        key="roles.editor",
        id="r1",
        generation=1,
        sets={"name": "E", "permissions.a.b": False},
        before={"name": "F", "permissions.a.b": True},
        why="f:1",
        part="roles",
        object_key="editor",
    )
    webhook = msgspec.structs.replace(
        update, operation="create_object", key="webhooks.W", id="", generation=0, sets=sets, before=None
    )
    _plan([msgspec.structs.replace(webhook, part="webhooks", object_key="W"), update]).save(path)
    head, *lines = [json.loads(line) for line in path.read_bytes().splitlines()]
    lines[1] |= change
    body = b"".join(json.dumps(line).encode() + b"\n" for line in lines)
    head |= {"digest": hashlib.sha256(body).hexdigest()}
    path.write_bytes(json.dumps(head).encode() + b"\n" + body)
    return path


_CREATION: dict[str, object] = {"operation": "create_object", "before": None, "id": "", "set": {"name": "E"}}
_SETTINGS: dict[str, object] = {"part": "sso_settings", "object": "oidc", "key": "sso_settings.oidc"}
_HOOK: dict[str, object] = {"part": "webhooks", "object": "W", "key": "webhooks.W"}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"object": "Admin"}, "key must be the part and the key of the object"),
        ({"key": "roles.viewer"}, "key must be the part and the key of the object"),
        ({"part": "users"}, "set must not contain 'permissions.a.b'"),
        ({"part": "groups"}, "part must be one of"),
        ({"set": {"tenant_id": "x"}}, "set must not contain 'tenant_id'"),
        ({"set": {"permissions": ["x"]}}, "set must not contain 'permissions'"),
        ({"set": {"name.x": "E"}}, "set must not contain 'name.x'"),
        ({"set": {"permissions.a.b": "yes"}}, "set must not contain 'permissions.a.b'"),
        ({**_CREATION, "id": "r1"}, "the creation of the role must not have an id"),
        ({**_CREATION, "set": {"permissions.a.b": True}}, "set must not contain 'permissions.a.b'"),
        ({**_CREATION, **_SETTINGS}, "settings are never created"),
        ({**_SETTINGS, "operation": "delete_object"}, "the SSO setting is never deleted"),
        ({**_HOOK, "set": {"secret": "plain"}}, "set must not contain 'secret'"),
        ({**_HOOK, "set": {"secret": {"secret": "plain"}}}, "set must not contain 'secret'"),
        ({"send_email": True}, "send_email must be left out"),
    ],
)
def test_a_forged_write_of_an_object_is_refused(change: dict[str, object], message: str, tmp_path: Path) -> None:
    """It would show one object and write another one, or fail when it is sent."""
    with pytest.raises(InvalidArgumentError) as caught:
        Plan.load(_forged_object(change, tmp_path / "plan.jsonl"))
    assert message in caught.value.message
    Plan.load(_forged_object({}, tmp_path / "plan.jsonl"))


@pytest.mark.parametrize("header", [{"emails": 1}, {"populations": {"delete": 99}}])
def test_a_first_line_that_tells_less_than_the_others_is_refused(header: dict[str, object], tmp_path: Path) -> None:
    """As the number of e-mails."""
    with pytest.raises(InvalidArgumentError, match="its first line does not match the other lines"):
        Plan.load(_forged({}, header, tmp_path / "plan.jsonl"))
