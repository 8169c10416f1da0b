"""The declared operations against the official descriptions, which are not part of this project."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import descriptions
import pytest

from frontegg_async.endpoints import Auth, Endpoint, all_endpoints
from frontegg_async.models.tenants import TenantIds
from tests.accepted_gaps import ACCEPTED_GAPS
from tests.docs import neighbours

VARIABLE: Final = "FRONTEGG_OPENAPI_DIR"
_TOOL: Final = Path(__file__).resolve().parents[1] / "tools" / "descriptions.py"


@pytest.fixture(scope="module")
def described() -> list[descriptions.Described]:
    """The operations of the official descriptions."""
    directory = os.environ.get(VARIABLE)
    if not directory:
        pytest.skip(f"{VARIABLE} does not say where the official OpenAPI descriptions are; they may not be copied here")
    return descriptions.read(Path(directory))


def _missing(described: list[descriptions.Described]) -> list[descriptions.Described]:
    lines = set(descriptions.differences(described, all_endpoints()))
    return [operation for operation in described if str(operation) in lines]


def test_what_is_described_is_declared_or_on_the_page(described: list[descriptions.Described]) -> None:
    """The page of own operations has each operation that is not declared, with the reason."""
    rows = neighbours.rows()

    assert [
        str(each) for each in _missing(described) if not any(row.covers(each.method, each.path) for row in rows)
    ] == []


def test_no_row_of_the_page_is_stale(described: list[descriptions.Described]) -> None:
    """No row stands for declared operations alone. A row may be of a shipped client, which no description has."""
    missing = _missing(described)

    assert [
        row
        for row in neighbours.rows()
        if any(row.covers(each.method, each.path) for each in all_endpoints())
        and not any(row.covers(each.method, each.path) for each in missing)
    ] == []


def test_what_is_declared_is_as_described(described: list[descriptions.Described]) -> None:
    """Status, fields of the body, query and tenant header; each accepted gap is one."""
    found = {line for line in descriptions.differences(described, all_endpoints()) if ": " in line}

    assert sorted(found) == sorted(ACCEPTED_GAPS)


def test_every_gap_has_a_reason() -> None:
    """A sentence, not a note."""
    assert [gap for gap, reason in ACCEPTED_GAPS.items() if len(reason) < 40 or not reason.endswith(".")] == []


def _operation(**parts: Any) -> dict[str, Any]:
    return {"responses": {"200": {}}, **parts}


_DOCUMENT: Final[dict[str, Any]] = {
    "servers": [{"url": "https://api.example/tenants"}],
    "components": {
        "schemas": {
            "Ids": {"properties": {"tenantIds": {}}},
            "More": {"allOf": [{"$ref": "#/components/schemas/Ids"}, {"properties": {"why": {}}}]},
        },
        "parameters": {"Tenant": {"name": "frontegg-tenant-id", "in": "header"}},
    },
    "paths": {
        "/locks/{id}": {
            "parameters": [{"name": "id", "in": "path"}],
            "get": _operation(
                parameters=[{"name": "_limit", "in": "query"}, {"$ref": "#/components/parameters/Tenant"}]
            ),
            "post": {
                "responses": {"201": {}, "204": {}, "400": {}},
                "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/More"}}}},
            },
        },
        "/": {"delete": {"responses": {"default": {}}}},
    },
}


def _endpoint(method: str, path: str, **more: Any) -> Endpoint[object]:
    return Endpoint(
        name="own.operation", method=method, path=path, returns=object, **{"auth": Auth.ENVIRONMENT, **more}
    )


def test_a_description_is_read_with_the_prefix_of_its_service() -> None:
    """References are followed, and what is given for a whole path counts for each method."""
    get, post, delete = descriptions.operations(_DOCUMENT)

    assert (str(get), get.statuses, get.query, get.has_tenant_header) == (
        "GET /tenants/locks/{id}",
        frozenset({200}),
        frozenset({"_limit"}),
        True,
    )
    assert (post.statuses, post.fields) == (frozenset({201, 204}), frozenset({"tenantIds", "why"}))
    assert (str(delete), delete.statuses) == ("DELETE /tenants", frozenset())


@pytest.mark.parametrize(
    ("endpoint", "expected"),
    [
        (_endpoint("GET", "/tenants/locks/{lock_id}", auth=Auth.TENANT, query=("_limit", "_offset")), []),
        (
            _endpoint("GET", "/tenants/locks/{lock_id}", status=201),
            ["query parameter _limit", "status 200", "tenant header"],
        ),
        (_endpoint("POST", "/tenants/locks/{lock_id}", body=TenantIds, status=204), ["body field why"]),
        (
            _endpoint("POST", "/tenants/locks/{lock_id}", status=200),
            ["body field tenantIds", "body field why", "status 201, 204"],
        ),
        (_endpoint("DELETE", "/tenants", status=204), []),
    ],
)
def test_differences_are_told_one_by_one(endpoint: Endpoint[object], expected: list[str]) -> None:
    """What is declared beyond the description is none, and what is not declared is told whole."""
    found = list(descriptions.differences(descriptions.operations(_DOCUMENT), [endpoint]))
    others = [line for line in found if ": " not in line]

    assert sorted(line.partition(": ")[2] for line in found if ": " in line) == expected
    assert len(others) == 2
    assert descriptions.count(descriptions.operations(_DOCUMENT), [endpoint]) == "declared 1 of 3"


@pytest.mark.slow
def test_the_tool_prints_the_differences_and_the_count(tmp_path: Path) -> None:
    """Its last line is for people; a directory without descriptions is an error."""
    empty = subprocess.run([sys.executable, str(_TOOL), str(tmp_path)], capture_output=True, text=True, check=False)
    (tmp_path / "locks.json").write_text(json.dumps(_DOCUMENT), encoding="utf-8")
    run = subprocess.run([sys.executable, str(_TOOL), str(tmp_path)], capture_output=True, text=True, check=True)

    assert (empty.returncode, empty.stderr) == (1, f"descriptions: there is no OpenAPI description in {tmp_path}\n")
    assert run.stdout.splitlines() == [
        "GET /tenants/locks/{id}",
        "POST /tenants/locks/{id}",
        "DELETE /tenants",
        "declared 0 of 3",
    ]
