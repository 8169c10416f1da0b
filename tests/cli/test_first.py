"""What a person does first: list, create, get, change and delete."""

from __future__ import annotations

import json

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
        (("--secret-file", "/nowhere/secret", "tenants", "list"), 1, "No such file"),
        (("check", "--profile", "nobody"), 2, "there is no profile 'nobody'"),
    ],
)
def test_an_error_is_one_or_two_lines(run: Run, arguments: tuple[str, ...], code: int, says: str) -> None:
    ran = run(*arguments)
    assert (ran.code, ran.out) == (code, "")
    assert ran.err.startswith("error: ")
    assert says in ran.err
    assert len(ran.err.splitlines()) <= 2
