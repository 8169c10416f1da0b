"""The formats: what is written for records that are odd."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence

import pytest
import yaml

from frontegg_async._formats.csv_cells import unguarded
from frontegg_async._formats.records import pick
from frontegg_async.cli.failures import CommandError
from frontegg_async.cli.output import FORMATS, Format, check_fields, writer_of

_ODD: Mapping[str, object] = {
    "tenant_id": "=1+1",
    "name": 'a\nb, "c"\t[red]é\x1b[2J\ud800',
    "metadata": {"plan": "-pro", "a.b": 1, "list": [{"x": None}]},
    "seats": -3,
    "gone": None,
    "is_reseller": True,
}


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def _written(
    format_: Format,
    records: Sequence[Mapping[str, object]],
    *fields: str,
    one: bool = False,
    columns: Sequence[str] = (),
    stream: io.StringIO | None = None,
) -> str:
    stream = stream or io.StringIO()
    writer = writer_of(format_, stream, fields, one=one, columns=columns)
    for record in records:
        writer.add(record)
    writer.end()
    return stream.getvalue()


def test_every_format_that_is_for_programs_says_the_same() -> None:
    odd = {**_ODD, "name": "é"}
    assert json.loads(_written("json", [odd, odd])) == [odd, odd]
    assert [json.loads(line) for line in _written("jsonl", [odd, odd]).splitlines()] == [odd, odd]
    assert yaml.safe_load(_written("yaml", [odd, odd])) == [odd, odd]
    for format_ in ("json", "yaml"):
        assert yaml.safe_load(_written(format_, [odd], one=True)) == odd


def test_only_text_of_csv_is_guarded() -> None:
    rows = list(csv.DictReader(io.StringIO(_written("csv", [_ODD]))))
    assert rows[0]["tenant_id"] == "'=1+1"
    assert rows[0]["seats"] == "-3"
    assert rows[0]["is_reseller"] == "true"
    assert rows[0]["name"] == _ODD["name"]
    assert json.loads(_written("jsonl", [_ODD], "tenant_id")) == {"tenant_id": "=1+1"}
    texts = ["+1", "-a", "@x", "=", "a=", "'=x", "''=x", "'x", "\tx", "\r=1"]
    cells = [row["name"] for row in csv.DictReader(io.StringIO(_written("csv", [{"name": text} for text in texts])))]
    assert cells[:6] == ["'+1", "'-a", "'@x", "'=", "a=", "''=x"]
    assert [unguarded(cell) for cell in cells] == texts  # as bulk jobs read them
    text = _written("csv", [{"name": "\r=1"}, {"name": "a\rb"}])
    assert list(csv.reader(io.StringIO(text, newline=""))) == [["name"], ["'\r=1"], ["a\rb"]]
    assert list(csv.reader(io.StringIO(_written("csv", [_ODD], "metadata.plan"))))[1] == ["'-pro"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("metadata.plan", "-pro"),
        ("metadata.a.b", 1),
        ("metadata.list.0.x", None),
        ("metadata.list.1", None),
        ("metadata.none.at.all", None),
        ("seats.x", None),
    ],
)
def test_fields_reach_into_values(field: str, value: object) -> None:
    assert pick(_ODD, field) == value


@pytest.mark.parametrize("format_", ["json", "jsonl", "yaml"])
def test_parts_that_are_not_there_are_left_out(format_: Format) -> None:
    """Bulk work takes null for a value."""
    record = {"name": "N", "metadata": {"plan": None, "a.b": 1}}
    fields = ("name", "status", "metadata.plan", "metadata.a.b", "metadata.seats", "metadata.plan.x")
    found = yaml.safe_load(_written(format_, [record], *fields, one=True))
    assert found == {"name": "N", "status": None, "metadata.plan": None, "metadata.a.b": 1}


def test_fields_that_are_not_there() -> None:
    with pytest.raises(CommandError, match=r"--fields must be among tenant_id, not 'plan'"):
        check_fields(["tenant_id", "plan"], ["tenant_id"])
    check_fields(["plan"], [])


@pytest.mark.parametrize(
    ("format_", "text"),
    [("json", "[]\n"), ("jsonl", ""), ("yaml", "[]\n"), ("csv", "tenant_id,name\n"), ("id", ""), ("table", "")],
)
def test_nothing(format_: Format, text: str) -> None:
    assert _written(format_, [], columns=("tenant_id", "name")) == text


@pytest.mark.parametrize("format_", FORMATS)
@pytest.mark.parametrize("one", [True, False])
def test_nothing_reaches_a_terminal_that_acts_on_it(
    format_: Format, one: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "200")
    name = "\x1b[2J\x9b31m\x7f\u202egnp.exe\r\U000e0041é😀"
    text = _written(format_, [{"name": name}], "name", one=one, stream=_Terminal())
    assert text.replace("\n", "").isprintable()
    if format_ in {"json", "jsonl", "yaml"}:
        read = yaml.safe_load(text) if format_ == "yaml" else json.loads(text)
        assert read == ({"name": name} if one or format_ == "jsonl" else [{"name": name}])
    assert _written(format_, [_ODD], one=one).encode("utf-8", "backslashreplace")


@pytest.mark.slow
def test_a_table_has_what_people_look_for_and_ends() -> None:
    rows = [
        {"tenant_id": f"t{number}", "internal_id": "internal", "name": "[bold]x", "vendor_id": "v"}
        for number in range(1203)
    ]
    rows = [{**row, **{f"other{number}": "x" for number in range(9)}} for row in rows]
    lines = _written("table", rows).splitlines()
    assert lines[0].split() == ["tenant_id", "name"]
    assert len(lines) == 1203 + 3  # a head for each block
    assert lines[1].split() == ["t0", "[bold]x"]


@pytest.mark.parametrize(("width", "columns"), [("60", ["tenant_id", "name"]), ("80", ["tenant_id", "name", "status"])])
def test_a_table_has_the_columns_that_there_is_room_for(
    width: str, columns: Sequence[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", width)
    row = {"tenant_id": "0" * 36, "name": "漢字" * 5, "status": "x" * 19, "created_at": "2026"}
    head, line = _written("table", [row]).splitlines()
    assert head.split() == columns
    assert line.split() == [row[name] for name in columns]
    head, *_ = _written("table", [row], *row).splitlines()
    assert head.split() == list(row)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (
            [{"id": "1", "key": "Admin", "name": "Administrator"}, {"id": "2", "key": "Reader", "name": "R"}],
            "Admin, Reader",
        ),
        ([{"tenant_id": "acme", "status": "Activated", "extra": {}}], "acme Activated"),
        (["acme", "other"], "acme, other"),
        ([{"n": 1}], '[{"n": 1}]'),
        ({"a": "x" * 60}, f'{{"a": "{"x" * 52}…'),
    ],
)
def test_a_table_shortens_what_has_parts(value: object, shown: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Unless it is named; no line is padded to the longest."""
    monkeypatch.delenv("COLUMNS", raising=False)
    record = {"id": "ann", "parts": value, "description": "y" * 200}
    assert _written("table", [record], one=True).splitlines()[:2] == ["id           ann", f"parts        {shown}"]
    whole = _written("table", [record], "parts", one=True)
    assert whole == f"parts  {json.dumps(value)}\n"
    assert shown in _written("table", [{"id": "ann", "parts": value}])


def test_a_small_record_is_shown_whole() -> None:
    row = {"tenant_id": "t", "total_sub_tenants": 3, "is_parent": None, "extra": {"a": 1}}
    assert _written("table", [row]).split() == ["tenant_id", "total_sub_tenants", "t", "3"]


@pytest.mark.parametrize(
    ("record", "id_"),
    [
        ({"tenant_id": "t", "id": "i"}, "t"),
        ({"id": "i", "tenant_id": "t"}, "i"),
        ({"client_id": "c", "tenant_id": "t"}, "c"),
        ({"migration_id": "m"}, "m"),
        ({"email": "e", "id": "i"}, "e"),
        ({"domain": "x"}, "x"),
    ],
)
def test_the_id_is_the_models_own(record: Mapping[str, object], id_: str) -> None:
    assert _written("id", [record]) == f"{id_}\n"
    assert _written("id", [{**record, "name": "a\nb"}], "name") == "a b\n"
