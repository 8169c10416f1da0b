"""What a person does first: list, create, get, change and delete."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run


def test_an_account_from_its_creation_to_its_end(run: Run) -> None:
    assert run("tenants", "create", "--tenant-id", "acme", "--name", "Acme", "-o", "id").out == "acme\n"
    assert json.loads(run("tenants", "get", "acme", "--fields", "name,is_reseller").out) == {
        "name": "Acme",
        "is_reseller": False,
    }
    set_ = run("tenants", "metadata", "set", "acme", "plan=pro", "seats=25", 'note="3"', "--fields", "metadata")
    assert json.loads(set_.out) == {"metadata": {"plan": "pro", "seats": 25, "note": "3"}}
    assert run("tenants", "delete", "acme").code == 2
    assert run("tenants", "delete", "acme", "--yes").code == 0
    assert run("tenants", "list", "--output", "json").out == "[]\n"


def test_values_come_from_files(run: Run, tmp_path: Path) -> None:
    (tmp_path / "plan.json").write_text('\ufeff{"plan": "pro"}', encoding="utf-8")
    ran = run("tenants", "create", "--name", "A", "--metadata", f"@{tmp_path / 'plan.json'}", "--fields", "metadata")
    assert json.loads(ran.out) == {"metadata": {"plan": "pro"}}
    (tmp_path / "body.json").write_text('{"name": "B", "tenantId": "b"}', encoding="utf-8")
    path = "/tenants/resources/tenants/v1"
    ran = run("api", "POST", path, "--body", str(tmp_path / "body.json"), "--secret-out", str(tmp_path / "whole.json"))
    assert json.loads(ran.out)["tenantId"] == "b"
    assert json.loads((tmp_path / "whole.json").read_text(encoding="utf-8"))["tenantId"] == "b"
    assert run("api", "DELETE", f"{path}/b").code == 2
    assert run("api", "DELETE", f"{path}/b", "--yes").code == 0


@pytest.mark.parametrize("fields", ["name,is_locked,status", "tenant_id,metadata.plan", "name,created_at", "extra"])
def test_some_fields_are_those_of_the_whole_row(fields: str, run: Run) -> None:
    run("tenants", "create", "--tenant-id", "acme", "--name", "Acme", "--metadata", '{"plan": "pro"}')
    whole = {**json.loads(run("tenants", "list").out), "metadata.plan": "pro"}
    assert json.loads(run("tenants", "list", "--fields", fields).out) == {
        name: whole[name] for name in fields.split(",")
    }
    assert run("tenants", "list", "--output", "id").out == "acme\n"


def test_a_page_and_no_more_is_read_for_a_limit(run: Run) -> None:
    for number in range(3):
        run("tenants", "create", "--tenant-id", f"t{number}", "--name", "T")
    assert run("tenants", "list", "--limit", "2", "--sort", "tenant_id", "--output", "id").out == "t0\nt1\n"


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("tenants", "get", "nobody"), 1, "found nothing"),
        (("tenants", "lst"), 2, "did you mean 'list'?"),
        (("tenants", "list", "--fields", "plan"), 2, "--fields must be among tenant_id,"),
        (("--secret-file", "/nowhere/secret", "tenants", "list"), 2, "/nowhere/secret cannot be read: No such file"),
        (("tenants", "metadata", "set", "acme", "a=1", "a=2"), 2, "the same KEY is given twice"),
        (("api",), 2, "Missing argument 'METHOD'. Choose from: get, post"),
        (("api", "POST", "/x", "--body", "/nowhere"), 2, "--body /nowhere cannot be read: No such file"),
        (("sso", "delete", "acme", "s1"), 2, "Delete 1 SSO configuration: acme s1 in"),
        (("api", "DELETE", "/x"), 2, "Send 1 request, DELETE /x in"),
        (("tenants", "list", "--profile"), 2, "Option '--profile' requires an argument"),
        (("tenants", "list", "--fields"), 2, "Option '--fields' requires an argument"),
        (("check", "--profile", "nobody"), 2, "there is no profile 'nobody'"),
        (("check", "--client-id", "emu_other"), 2, "no secret is set for the client id"),
        (("check", "--environment-id", ""), 2, "--environment-id must not be empty"),
        (("check", "--profile", ""), 2, "the name of a profile must be 1 to 63"),
        (("tenants", "create", "--name", "A", "--metadata", "{"), 2, "it is not JSON"),
        (("tenants", "create", "--name", "A", "--metadata", "@/nowhere"), 2, "/nowhere: No such file"),
        (("tenants", "create", "--name", "A", "--logo", "@/nowhere"), 2, "/nowhere: No such file"),
        (("tenants", "create"), 2, "Missing option '--name'"),
        (("tenants", "create", "--name", ""), 2, "name must"),
        (
            ("tenants", "update", "acme", "--website", "x", "--clear", "website"),
            2,
            "--clear website contradicts --website",
        ),
        (("tenants", "update", "acme"), 2, "at least one field"),
        (("tenants", "metadata", "set", "acme", "plan"), 2, "'plan' is not KEY=VALUE"),
        (("tenants", "list", "--sort", "age"), 2, "'created_at', 'name', 'tenant_id'"),
        (("tenants", "list", "--limit", "-1"), 2, "--limit"),
        (("api", "GET", "/x", "--query", "a"), 2, "--query must be K=V"),
        (("api", "POST", "/x", "--body", __file__), 2, "is not JSON"),
        (("api", "POST", "/x", "--body", "{twice}"), 2, "is not JSON: an object has a name twice"),
        (("tenants", "update", "acme", "--metadata", "@{twice}"), 2, "it is not JSON: an object has a name twice"),
        (("tenants", "metadata", "set", "acme", 'plan={"a": 1, "a": 2}'), 2, "plan: an object has a name twice"),
        (("api", "GET", "/x/y"), 1, "404"),
        (("user", "tenants", "list"), 2, "no user's token is given"),
        (("user", "tenants", "list", "--user-token-file", __file__), 2, "token"),
    ],
)
def test_an_error_is_one_or_two_lines(
    run: Run, tmp_path: Path, arguments: tuple[str, ...], code: int, says: str
) -> None:
    twice = tmp_path / "twice.json"
    twice.write_text('{"name": "A", "metadata": {"a": 1, "a": 2}}', encoding="utf-8")
    ran = run(*(each.replace("{twice}", str(twice)) for each in arguments))
    assert (ran.code, ran.out) == (code, "")
    assert ran.err.startswith("error: ")
    assert says in ran.err
    assert len(ran.err.splitlines()) <= 2
