"""Rows and trees that are read without objects of their models hold the same as these."""

from __future__ import annotations

import itertools
import json
from typing import cast

import pytest

from frontegg_async._core.codec.reader import decode
from frontegg_async._core.codec.tree_reader import SubAccountIds, read_ids
from frontegg_async.models.page import Page
from frontegg_async.models.tenants import Tenant
from frontegg_async.snapshots.account_row import AccountRow, lines_of, whole_lines
from frontegg_async.tree import TenantTree

pytestmark = pytest.mark.filterwarnings("ignore::frontegg_async.errors.UnknownValueWarning")

VALUES = {
    "name": ['"n"', '""', "null", "5"],
    "createdAt": ['"2026-11-27T23:39:14.533Z"', '"2026-11-27T23:39:14+02:00"', '"2026-11-27"', "null", '"x"', "5"],
    "isReseller": ["true", "null", '"true"'],
    "metadata": [
        json.dumps('{"z":1,"a":{"c":1.50,"b":[1,2.0]},"parent_tenant_id":null}'),
        '"text"',
        '""',
        "null",
        '{"b":1,"a":[2]}',
        json.dumps(r'"\u0000"'),
    ],
    "annualRevenue": ["1", "1.0", '"1"', "null", "[]", "1e-320", "12345678901234567890"],
    "isNew": ['{"b":1,"a":2}', "null"],
    "format": ['"theirs"'],
    "extra": ["{}"],
    "parent_tenant_id": ['"theirs"'],
    "learned_0": ["1"],
}
ROWS = [
    '{"tenantId":"a"}',
    '{"tenantId":"a","tenantId":"b"}',
    *(
        f'{{"tenantId":"a","name":"n","{name}":{value},"status":"s"}}'
        for name, values in VALUES.items()
        for value in values
    ),
    *(f'{{"isNew":{new},"tenantId":"a","isReseller":1,"metadata":{old}}}' for new, old in zip("12", "34", strict=True)),
]


def exported(page: object) -> bytes:
    """Return the lines of an export for the items of a page."""
    lines = lines_of(cast("Page[AccountRow]", page).items)
    return whole_lines(lines, [b'"p"'] * len(lines))


@pytest.mark.parametrize("row", ROWS)
def test_a_row_is_the_same_as_one_of_a_model(row: str) -> None:
    """Also after others, which taught the reader their names and types, and in a page that is read in pieces."""
    body = f'{{"items":[{row}],"_metadata":{{"totalItems":1}}}}'.encode()
    large = body.replace(b"]", b"]" + b" " * 2**18, 1)

    expected = exported(decode(body, Page[Tenant]))

    assert {exported(decode(each, Page[AccountRow])) for each in (body, body, large)} == {expected}
    assert [*json.loads(expected)] == sorted(json.loads(expected))
    assert json.loads(expected)["format"] == "frontegg-accounts/1"


@pytest.mark.parametrize(
    "texts",
    [
        ['{"b":[1],"a":2}', "3", "null", '"text"'],
        ["[1", ",2]", "3 4"],
        ["1,2", "3"],
        ["1]\n[2", "3"],
        ["", "1", " "],
        ['"a', 'b"'],
        ['{"b":1,"a":2}', "[" * 5_000],
    ],
)
def test_metadata_is_that_of_its_row(texts: list[str]) -> None:
    """The texts of a page are parsed together; some that are no JSON would be JSON with those beside them."""
    rows = [{"tenantId": str(number), "metadata": text} for number, text in enumerate(texts)]
    body = json.dumps({"items": rows, "_metadata": {"totalItems": len(rows)}}).encode()

    expected = exported(decode(body, Page[Tenant]))

    assert {exported(decode(body, Page[AccountRow])) for _ in range(2)} == {expected}
    assert len(expected.splitlines()) == len(texts)


def test_usual_rows_are_no_objects_of_the_model() -> None:
    """Neither are those with a name that the model does not know, from the first row with it on."""
    body = b'{"items":[{"tenantId":"a","name":"n","addedLater":5}],"_metadata":{}}'

    page = decode(body, Page[AccountRow])

    assert not isinstance(cast("Page[object]", page).items[0], Tenant)
    assert b'"extra":{"addedLater":5}' in exported(page)


LEAF = '{"tenantId":"b","name":"n","status":5}'
TREES = [
    LEAF,
    "{}",
    "[]",
    "5",
    '{"tenantId":5}',
    *(
        f'{{"tenantId":"a","children":{children}}}'
        for children in (
            "null",
            "[]",
            '"x"',
            "[null]",
            LEAF,
            f"[{LEAF}]",
            f"[{LEAF},{LEAF}]",
            '[{"tenantId":"a"}]',
            '[{"tenantId":"b","children":[{"tenantId":"c"},{"tenantId":"d"}]},{"tenantId":"e"}]',
            '[{"tenantId":"b","children":[{"tenantId":"b"}]}]',
            r'[{"tenantId":"\u0062"}]',
            f'[{LEAF}],"children":[]',
            '[{"tenantId":"b","tenantId":"c"}]',
            '[{"tenantId":"b","metadata":{"tenantId":"c"}}]',
        )
    ),
]


@pytest.mark.parametrize(("body", "space"), [*itertools.product(TREES, (0, 2**18))])
def test_the_ids_of_a_tree_are_those_of_its_nodes(body: str, space: int) -> None:
    """Also of a tree that is read in pieces."""
    text = body.encode() + b" " * space

    tree, ids = decode(text, TenantTree), decode(text, SubAccountIds)

    if isinstance(tree, TenantTree):
        assert ids == SubAccountIds.of_tree(tree)
    else:
        assert (type(ids), str(ids)) == (type(tree), str(tree))


def test_a_usual_tree_is_read_without_its_nodes() -> None:
    """Whatever else they have."""
    assert read_ids(b'{"tenantId":"a","new":1,"children":[{"tenantId":"b"}]}') == SubAccountIds("a", {"a": ["b"]})
