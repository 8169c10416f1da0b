"""Differences of two exports: all that there are, and none that is not known."""

from __future__ import annotations

import copy
import json
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frontegg_async import (
    UNSET,
    AccountDifference,
    Differences,
    FieldDifference,
    InvalidArgumentError,
    PaginationError,
    diff,
)
from frontegg_async._formats.json_text import sorted_json
from frontegg_async.emulator import EmulatorHandle
from frontegg_async.snapshots.files import encoder
from frontegg_async.testing import EmulatorFaults
from tests.support.flavours import FLAVOURS, clients_of, do
from tests.support.tenants import tenant_row

Row = dict[str, Any]

OLD: Final[list[Row]] = [
    {"tenant_id": "a", "name": "Acme", "parent_tenant_id": None, "metadata": {"plan": "free", "old": 1}, "status": "x"},
    {"tenant_id": "b", "name": "Beta", "parent_tenant_id": "a", "metadata": None, "status": None},
    {"tenant_id": "c", "name": "Gone | `so`\n", "parent_tenant_id": "a", "metadata": [1], "status": "x"},
]
NEW: Final[list[Row]] = [
    {"tenant_id": "a", "name": "Acme", "parent_tenant_id": None, "metadata": {"plan": "pro"}, "is_locked": True},
    {"tenant_id": "b", "name": "Beta |", "parent_tenant_id": "d", "metadata": None, "updated_at": "now"},
    {"tenant_id": "d", "name": "New", "parent_tenant_id": None, "metadata": {}, "is_locked": False},
]


def write(path: Path, rows: Iterable[Mapping[str, Any]]) -> Path:
    """Write rows in the format of a path, with tenant_id and the columns that any of them has."""
    columns = sorted({"tenant_id"}.union(*rows))
    absent = dict.fromkeys(columns if path.suffix == ".csv" else ())
    head, encode = encoder(path, columns)
    path.write_bytes(head + encode(b"".join(sorted_json({**absent, **row}) + b"\n" for row in rows)))
    return path


@pytest.fixture
def both(tmp_path: Path) -> Differences:
    """The differences of two small exports."""
    return diff(write(tmp_path / "a.jsonl", OLD), write(tmp_path / "b.jsonl", NEW))


def test_each_kind_of_difference(both: Differences) -> None:
    """By the ids of the accounts; a field that one side does not have is no difference."""
    assert [*both] == [
        AccountDifference(
            "changed",
            "a",
            "Acme",
            (
                FieldDifference(("metadata", "old"), 1, UNSET),
                FieldDifference(("metadata", "plan"), "free", "pro"),
            ),
        ),
        AccountDifference("moved", "b", "Beta |", (FieldDifference(("parent_tenant_id",), "a", "d"),)),
        AccountDifference("changed", "b", "Beta |", (FieldDifference(("name",), "Beta", "Beta |"),)),
        AccountDifference(
            "deleted",
            "c",
            "Gone | `so`\n",
            (
                FieldDifference(("metadata",), [1], UNSET),
                FieldDifference(("name",), "Gone | `so`\n", UNSET),
                FieldDifference(("parent_tenant_id",), "a", UNSET),
                FieldDifference(("status",), "x", UNSET),
            ),
        ),
        AccountDifference(
            "created",
            "d",
            "New",
            (FieldDifference(("is_locked",), UNSET, False), FieldDifference(("name",), UNSET, "New")),
        ),
    ]
    assert both
    assert both.counts == {"created": 1, "deleted": 1, "moved": 1, "changed": 2}
    assert both


def test_text_for_people(both: Differences) -> None:
    """One line for each account and each field, and the numbers at the end."""
    assert [*both.lines()] == [
        "~ a  Acme",
        "    metadata.old: 1 → (none)",
        '    metadata.plan: "free" → "pro"',
        "> b  Beta |",
        '    parent_tenant_id: "a" → "d"',
        "~ b  Beta |",
        '    name: "Beta" → "Beta |"',
        "- c  Gone | `so`\\n",
        "+ d  New",
        "1 created, 1 deleted, 1 moved, 2 changed",
    ]


def test_markdown(both: Differences) -> None:
    """A table whose cells are code, so that nothing in them has a meaning."""
    assert [*both.lines("markdown")] == [
        "| change | account | name | field | before | after |",
        "| --- | --- | --- | --- | --- | --- |",
        "| changed | `a` | `Acme` | `metadata.old` | `1` |  |",
        '| changed | `a` | `Acme` | `metadata.plan` | `"free"` | `"pro"` |',
        '| moved | `b` | `Beta \\|` | `parent_tenant_id` | `"a"` | `"d"` |',
        '| changed | `b` | `Beta \\|` | `name` | `"Beta"` | `"Beta \\|"` |',
        "| deleted | `c` | ``Gone \\| `so`\\n`` |  |  |  |",
        "| created | `d` | `New` |  |  |  |",
    ]


def test_json(both: Differences, tmp_path: Path) -> None:
    """The same objects in one list and a line each; no difference is an empty list."""
    rows = [json.loads(line) for line in both.lines("jsonl")]

    assert json.loads("\n".join(both.lines("json"))) == rows == [each.to_dict() for each in both]
    assert rows[0]["fields"][0] == {"field": "metadata.old", "before": 1}
    same = diff(tmp_path / "a.jsonl", tmp_path / "a.jsonl")
    assert [*same.lines("json")] == ["[]"]
    assert [*same.lines("jsonl")] == []


def test_notebooks_show_the_first_of_them(both: Differences, tmp_path: Path) -> None:
    """Values are cut and escaped."""
    many = [{"tenant_id": f"t{number:03}", "name": "<b>" * 100} for number in range(150)]
    long = diff(write(tmp_path / "none.jsonl", []), write(tmp_path / "many.jsonl", many))._repr_html_()

    assert "the first 100 are shown" in long
    assert "<b>" not in long
    assert both._repr_html_().count("<tr>") == 7
    assert "none" in diff(tmp_path / "many.jsonl", tmp_path / "many.jsonl")._repr_html_()
    assert repr(both) == f"<Differences of {str(tmp_path / 'a.jsonl')!r} and {str(tmp_path / 'b.jsonl')!r}>"


@pytest.mark.parametrize("one", ["jsonl", "csv", "yml"])
@pytest.mark.parametrize("other", ["jsonl", "csv", "yml"])
def test_formats_can_be_compared(tmp_path: Path, one: str, other: str) -> None:
    """An empty cell is null, and a number is its text."""
    rows = [
        {"tenant_id": "a", "name": "", "is_locked": True, "number_of_employees": 5, "metadata": {"a": [1, None]}},
        {"tenant_id": "b", "name": "true\r\n", "is_locked": None, "number_of_employees": "5", "metadata": "1"},
    ]
    changed = copy.deepcopy(rows)
    changed[0]["metadata"]["a"] = [2]
    a, b = write(tmp_path / f"a.{one}", rows), write(tmp_path / f"b.{other}", changed)

    assert not diff(a, write(tmp_path / f"same.{other}", rows))
    assert [each.fields for each in diff(a, b)] == [(FieldDifference(("metadata", "a"), [1, None], [2]),)]


def test_a_file_that_was_edited_by_hand(tmp_path: Path) -> None:
    """Rows in another order, columns that were removed, and what spreadsheets and editors write."""
    edited = tmp_path / "edited.csv"
    edited.write_bytes(b'\xef\xbb\xbfname,tenant_id,is_locked\nZed,z,TRUE\nAcme,a,""\n')
    a = write(tmp_path / "a.jsonl", [{"tenant_id": "a", "name": "Acme"}, {"tenant_id": "z", "is_locked": True}])
    listed = tmp_path / "edited.yml"
    listed.write_text("# of the staging environment\n- {tenant_id: z, is_locked: yes}\n\n- tenant_id: a\n", "utf-8")

    bom = tmp_path / "bom.jsonl"
    bom.write_bytes(b"\xef\xbb\xbf" + a.read_bytes().replace(b"\n", b"\r\n\r\n"))

    assert [*diff(a, edited)] == []
    assert [*diff(a, bom)] == []
    assert [*diff(edited, listed)] == []
    numbers = tmp_path / "numbers.yml"
    numbers.write_text("- {tenant_id: a, name: 5}", "utf-8")
    assert [*diff(a, numbers).lines()][:2] == ["~ a  5", '    name: "Acme" → 5']
    assert "| `5` |" in "".join(diff(a, numbers).lines("markdown"))


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("x.jsonl", "[1]", "x.jsonl, line 1: a row must be an object"),
        ("x.jsonl", '{"tenant_id": "a"}\n\n{"tenant', "x.jsonl, line 3: not JSON"),
        ("x.jsonl", '{"tenant_id": ""}', "x.jsonl, line 1: tenant_id must be text"),
        ("x.jsonl", '{"tenantId": "a"}', "x.jsonl, line 1: tenant_id must be text"),
        (
            "x.jsonl",
            '{"tenant_id": "a", "format": "frontegg-accounts/2"}',
            "x.jsonl, line 1: format must be 'frontegg-accounts/1', not 'frontegg-accounts/2'",
        ),
        ("x.jsonl", '{"tenant_id": "a"}\n' * 2, "x.jsonl has the account 'a' twice"),
        ("x.csv", "tenant_id,name\na\n", "x.csv, line 2: the first line has 2 cells, but this line has 1"),
        ("x.csv", "tenant_id,name,name\na,b,c\n", "x.csv, line 2: the column 'name' occurs twice"),
        ("x.csv", 'tenant_id,name\na,"b', "x.csv, line 2: unexpected end of data"),
        ("x.csv", "tenant_id,metadata\na,{", "x.csv, line 2: metadata must be JSON text"),
        ("x.csv", "tenant_id,name\na,\udcff", "x.csv must be UTF-8"),
        ("x.yml", "- tenant_id: \udcff", "x.yml must be UTF-8"),
        ("x.jsonl", '{"tenant_id": "\udcff"}', "x.jsonl, line 1: not JSON"),
        (
            "x.jsonl",
            '{"tenant_id": "a", "name": "A", "name": "B"}',
            "x.jsonl, line 1: not JSON: an object has a name twice",
        ),
        (
            "x.jsonl",
            '{"tenant_id":"a","metadata":{"x":1,"\\u0078":1}}',
            "x.jsonl, line 1: not JSON: an object has a name",
        ),
        (
            "x.csv",
            'tenant_id,metadata\na,"{""x"":1,""x"":2}"',
            "x.csv, line 2: metadata must be JSON text: an object has",
        ),
        ("x.yml", "- tenant_id: a\n  name: A\n  name: B", "x.yml, after row 0: a mapping has a key twice"),
        ("x.yml", "- tenant_id: a\n  metadata: {x: 1, 'x': 2}", "x.yml, after row 0: a mapping has a key twice"),
        ("x.yml", "tenant_id: a", "x.yml must be a list of accounts"),
        ("x.yml", "- tenant_id: a\n- [", "x.yml, after row 0: while parsing"),
        ("x.yml", "- &a [*a]", "x.yml, after row 0: the alias *a is not allowed"),
        ("x.yml", "- &a {tenant_id: '*'}\n- {<<: *a}", "x.yml, after row 0: the alias *a is not allowed"),
        ("x.yml", "- tenant_id: a\n  name: &a [x]\n  b: [*a, *a]", "x.yml, after row 0: the alias *a is not allowed"),
        ("x.yml", "- {1: 2, 3: 4}", "x.yml, row 1: tenant_id must be text"),
        ("x.yml", "- a", "x.yml, row 1: a row must be an object"),
    ],
)
def test_what_is_no_export(tmp_path: Path, name: str, content: str, told: str) -> None:
    """The message has the file and the place."""
    path = tmp_path / name
    path.write_bytes(content.encode("utf-8", "surrogateescape"))
    same = diff(path, path)

    with pytest.raises(InvalidArgumentError) as caught:
        bool(same)

    assert told in str(caught.value)


def test_bad_arguments(both: Differences, tmp_path: Path) -> None:
    """Each is named."""
    path = tmp_path / "a.jsonl"
    with pytest.raises(InvalidArgumentError, match="b must end in"):
        diff(path, "b.txt")
    with pytest.raises(FileNotFoundError, match=r"none\.jsonl"):
        diff(tmp_path / "none.jsonl", path)
    with pytest.raises(InvalidArgumentError, match="format must be one of table, json, jsonl, markdown, not 'xml'"):
        both.lines("xml")  # type: ignore[arg-type]


def test_empty_files_have_no_accounts(tmp_path: Path) -> None:
    """In each format."""
    paths = [tmp_path / f"a.{suffix}" for suffix in ("jsonl", "csv", "yml")]
    for path in paths:
        path.write_bytes(b"tenant_id\r\n" if path.suffix == ".csv" else b"")

    assert [bool(diff(one, other)) for one in paths for other in paths] == [False] * 9


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)
texts = st.none() | st.text(max_size=5)
exports = st.dictionaries(
    st.text(min_size=1, max_size=3),
    st.fixed_dictionaries(
        {"metadata": json_values, "parent_tenant_id": texts, "name": texts, "is_locked": st.none() | st.booleans()}
    ),
    max_size=5,
)


def applied(rows: Mapping[str, Row], differences: Iterable[AccountDifference]) -> dict[str, Row]:
    """Return accounts after differences, by what these say of them alone."""
    found = copy.deepcopy(dict(rows))
    for each in differences:
        if each.kind == "deleted":
            del found[each.tenant_id]
            continue
        if each.kind == "created":
            found[each.tenant_id] = {}
        for field in each.fields:
            place = found[each.tenant_id]
            for key in field.path[:-1]:
                place = place[key]
            if field.after is UNSET:
                del place[field.path[-1]]
            else:
                place[field.path[-1]] = field.after
    return found


def known(rows: Mapping[str, Row]) -> dict[str, Row]:
    """Return accounts without fields that are null, or an empty object, which a created account does not show."""
    return {key: {name: value for name, value in row.items() if value not in (None, {})} for key, row in rows.items()}


def compared(directory: str, suffix: str, old: Mapping[str, Row], new: Mapping[str, Row]) -> list[AccountDifference]:
    """Return the differences between accounts in files."""
    paths = [
        write(Path(directory, f"{name}.{suffix}"), [{"tenant_id": key, **row} for key, row in rows.items()])
        for name, rows in (("old", old), ("new", new))
    ]
    return [*diff(*paths)]


@given(old=exports, new=exports)
def test_differences_that_are_applied_give_the_other_export(old: dict[str, Row], new: dict[str, Row]) -> None:
    """And those of an export and itself are none."""
    with tempfile.TemporaryDirectory() as directory:
        assert compared(directory, "jsonl", old, old) == []
        assert known(applied(old, compared(directory, "jsonl", old, new))) == known(new)
        forth, back = compared(directory, "jsonl", old, new), compared(directory, "jsonl", new, old)
        assert len(forth) == len(back)


@given(old=exports)
def test_every_format_can_be_read_again(old: dict[str, Row]) -> None:
    """An export in one is the same as in another."""
    rows = [{"tenant_id": key, **row} for key, row in old.items()]
    with tempfile.TemporaryDirectory() as directory:
        paths = [write(Path(directory, f"old.{suffix}"), rows) for suffix in ("jsonl", "csv", "yml")]
        assert [[*diff(paths[0], path).lines("jsonl")] for path in paths] == [[]] * 3


@pytest.mark.anyio
@pytest.mark.parametrize("flavour", FLAVOURS)
async def test_with_the_environment_as_it_is(frontegg_emulator: EmulatorHandle, tmp_path: Path, flavour: str) -> None:
    """What the file has beside the accounts is read too."""
    path = tmp_path / "accounts.yml"
    async with clients_of(frontegg_emulator, flavour) as clients:
        manager = clients.manager
        await do(manager.tenants.create, name="Acme", tenant_id="acme", is_reseller=True)
        await do(manager.export, path, include=["settings"])
        same = await do(manager.diff, path)
        await do(manager.account_settings.update, "acme", timezone="Europe/Berlin")
        await do(manager.tenants.create, name="Beta", tenant_id="beta", parent_tenant_id="acme")
        changed = await do(manager.diff, path)

    assert not same
    assert changed.counts == {"created": 1, "deleted": 0, "moved": 0, "changed": 1}
    assert [field.field for field in next(iter(changed)).fields] == ["settings.timezone", "timezone"]


@pytest.mark.anyio
async def test_nothing_is_compared_with_a_part_of_the_environment(
    frontegg_emulator: EmulatorHandle, frontegg_faults: EmulatorFaults, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """And no temporary file is left."""
    path = write(tmp_path / "a.jsonl", OLD)
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    body: Row = {"items": [tenant_row("a")], "_metadata": {"totalItems": 2}}
    frontegg_faults.status(200, body=body, path="/tenants/resources/tenants/v2")

    async with clients_of(frontegg_emulator, "async") as clients:
        with pytest.raises(PaginationError):
            await clients.manager.diff(path)
        frontegg_faults.clear()
        differences = await clients.manager.diff(path)

    assert differences.counts["deleted"] == 3
    del differences
    assert [*temporary.iterdir()] == []
