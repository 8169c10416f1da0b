"""Files of accounts are read whole, in the order of the ids, in any format."""

from __future__ import annotations

import codecs
import hashlib
import json
import tracemalloc
from collections.abc import Sequence
from pathlib import Path
from typing import cast

import pytest

from frontegg_async.errors import FilesError, InvalidArgumentError
from frontegg_async.models.tenants import Tenant
from frontegg_async.plans.files.accounts_files import read_accounts
from frontegg_async.plans.files.opening import AccountsSource
from frontegg_async.snapshots.account_row import lines_of, whole_lines
from frontegg_async.snapshots.files import columns_with, encoder
from frontegg_async.snapshots.rows import Row

FORMATS = (".jsonl", ".ndjson", ".json", ".yml", ".yaml", ".csv")


def write(path: Path, rows: Sequence[Row]) -> Path:
    """Write rows in the format of the suffix, as exports do where they have it."""
    lines = "".join(f"{json.dumps(row)}\n" for row in rows).encode()
    if path.suffix == ".json":
        path.write_text(json.dumps(rows, indent=1), encoding="utf-8")
    elif path.suffix == ".ndjson":
        path.write_bytes(lines)
    else:
        head, encode = encoder(path, columns_with(["applications", "settings", "users"]))
        path.write_bytes(head + encode(lines))
    return path


def export(*tenants: Tenant) -> bytes:
    """Return the lines of an export of accounts without parents."""
    return whole_lines(lines_of(tenants), [b"null"] * len(tenants))


def read(*sources: AccountsSource) -> list[bytes]:
    """Return the lines of all rows."""
    with read_accounts(sources) as files:
        return [row.line for row in files.sorted()]


def read_rows(*sources: AccountsSource) -> list[Row]:
    """Return all rows."""
    return [json.loads(line) for line in read(*sources)]


@pytest.mark.parametrize("suffix", FORMATS)
def test_each_format_gives_the_same_rows(suffix: str, tmp_path: Path) -> None:
    """Rows come by their ids, whatever their order and the format."""
    rows: list[Row] = [
        {"tenant_id": "north", "name": 'Gro\u00df & S\u00f6hne, "Nord"', "is_reseller": True, "status": "=1+1"},
        {
            "tenant_id": "acme",
            "parent_tenant_id": "north",
            "metadata": {"plan": "pro", "seats": 30, "tags": ["a", {"b": None}], "rate": 1.5},
            "settings": {"timezone": "Europe/Berlin", "address": "1 Road\nTown"},
            "applications": ["Desk"],
            "users": {"ann@acme.example": {"name": "Ann", "roles": ["Admin"]}, "bob@acme.example": {"absent": True}},
            "is_locked": False,
            "status": "01",
        },
    ]
    assert read_rows(write(tmp_path / f"accounts{suffix}", rows)) == [rows[1], rows[0]]


@pytest.mark.parametrize(("begin", "end"), [(b"", b"\n"), (b"", b"\r\n"), (codecs.BOM_UTF8, b" \n\n")])
def test_lines_of_an_export_stay_as_they_are(begin: bytes, end: bytes, tmp_path: Path) -> None:
    """A line that nobody edited has the bytes of a snapshot, so that it is compared without reading it."""
    lines = export(*(Tenant(tenant_id=f"a{number}", metadata={"b": 1, "a": 0.5}) for number in (1, 2, 3)))
    path = tmp_path / "accounts.jsonl"
    text = begin + lines.replace(b"\n", end).removesuffix(b"\n")
    path.write_bytes(text)
    step = end.count(b"\n")
    with read_accounts([path]) as files:
        for _ in range(2):
            rows = [*files.sorted()]
            assert [row.tenant_id for row in rows] == ["a1", "a2", "a3"]
            assert b"".join(row.line + b"\n" for row in rows) == lines
            assert [row.number for row in rows] == [1, 1 + step, 1 + 2 * step]
            assert str(rows[0].place) == f"{path}:1:1"
        assert (files.count, files.names, files.digests) == (3, [str(path)], [hashlib.sha256(text).hexdigest()])
        assert {"metadata", "name", "parent_tenant_id", "format"} < files.parts
        assert not {"settings", "applications", "absent"} & files.parts


def test_edited_lines_are_among_others(tmp_path: Path) -> None:
    """Lines with other bytes, in another order, or of another program are read with the rest."""
    lines = export(*(Tenant(tenant_id=f"a{number}") for number in range(6))).splitlines()
    lines[1] = b' {"name": "Edited",  "tenantId": "a1", "settings": {"loginUrl": null}}\r'
    lines[3], lines[4] = lines[4], lines[3]
    path = tmp_path / "accounts.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + b"\n".join([*lines[:2], b"", b" \t", *lines[2:]]))
    with read_accounts([path]) as files:
        for _ in range(2):
            rows = [*files.sorted()]
            numbers = {row.tenant_id: row.number for row in rows}
            assert numbers == {"a0": 1, "a1": 2, "a2": 5, "a3": 7, "a4": 6, "a5": 8}
            assert [*numbers] == sorted(numbers)
            assert rows[1].line == b'{"name":"Edited","settings":{"login_url":null},"tenant_id":"a1"}'
        assert files.count == 6
        assert {"settings", "metadata"} < files.parts


def test_several_sources_are_merged(tmp_path: Path) -> None:
    """Files, rows, models and lists of them are read together."""
    first = write(tmp_path / "a.jsonl", [{"tenant_id": "a"}, {"tenant_id": "d"}])
    second = write(tmp_path / "b.yml", [{"tenant_id": "e"}, {"tenant_id": "b"}])
    alone, rows = Tenant(tenant_id="f"), iter([{"tenant_id": "Z"}])
    sources: list[AccountsSource] = [first, {"tenant_id": "c"}, str(second), alone, rows]
    with read_accounts(sources) as files:
        places = [str(row.place) for row in files.sorted()]
        assert files.names == [str(first), "rows", str(second), "rows"]
    assert places == ["rows[0]", f"{first}:1:1", f"{second}:2:3", "rows[0]", f"{first}:2:1", f"{second}:1:3", "rows[1]"]


def test_the_digest_of_rows_depends_on_no_order() -> None:
    """The same rows have the same digest."""
    rows: list[Row] = [{"tenant_id": "b", "name": "B"}, {"tenant_id": "a"}]
    with read_accounts([rows]) as files, read_accounts([rows[::-1]]) as others:
        assert files.digests == others.digests
        assert files.digests == [hashlib.sha256(b'{"tenant_id":"a"}\n{"name":"B","tenant_id":"b"}\n').hexdigest()]


@pytest.mark.parametrize("suffix", [".jsonl", ".json", ".yml"])
def test_a_file_may_have_no_row(suffix: str, tmp_path: Path) -> None:
    """An export of an empty environment is an empty file."""
    path = tmp_path / f"accounts{suffix}"
    path.write_bytes(b"")
    assert read(path) == []
    path.write_bytes(b"[]" if suffix != ".jsonl" else b"\n\n")
    assert read(path) == []


def test_names_of_the_service_are_the_attributes(tmp_path: Path) -> None:
    """Both spellings of a field are accepted, and rows have the names of attributes."""
    row: Row = {"tenantId": "a", "isLocked": True, "id": "1", "settings": {"dateFormat": None}}
    path = write(tmp_path / "a.json", [row])
    settings: Row = {"date_format": None}
    assert read_rows(path) == [{"tenant_id": "a", "is_locked": True, "internal_id": "1", "settings": settings}]
    with read_accounts([path]) as files:
        assert files.parts == {"tenant_id", "is_locked", "internal_id", "settings"}


def test_people_have_normal_keys_and_values(tmp_path: Path) -> None:
    """Addresses are in lower case, roles are sorted, and fields that the service sets are left out."""
    users: Row = {
        "Bob@A.example": {"roles": ["editor", "Admin", "editor"], "absent": False, "managedBy": "scim2", "id": "7"},
        "ann@a.example": {},
        "cyd@a.example": {"absent": True, "name": "Cyd", "managed_by": None},
    }
    path = write(tmp_path / "a.jsonl", [{"tenant_id": "a", "users": users}, {"tenant_id": "b", "users": {}}])
    own: Row = {
        "ann@a.example": {},
        "bob@a.example": {"roles": ["Admin", "editor"]},
        "cyd@a.example": {"absent": True, "name": "Cyd"},
    }
    assert read_rows(path) == [{"tenant_id": "a", "users": own}, {"tenant_id": "b", "users": {}}]


def test_the_place_of_a_person_whose_address_is_written_otherwise(tmp_path: Path) -> None:
    """Later faults name people by their normal addresses."""
    path = tmp_path / "a.yml"
    path.write_text("- tenant_id: a\n  users:\n    Ann@a.example: {roles: [Admin]}\n", encoding="utf-8")
    with read_accounts([path]) as files:
        [row] = files.sorted()
        fault = files.fault_at(row, ("users", "ann@a.example", "roles", 0), "there is no such role")
    assert str(fault) == f"{path}:3:29: there is no such role"


def test_cells_of_csv(tmp_path: Path) -> None:
    """An empty cell names nothing, spreadsheets write TRUE, and metadata and settings have dotted columns."""
    path = tmp_path / "a.csv"
    path.write_text(
        "\ufefftenantId, name ,metadata.plan,metadata.seats,settings.dateFormat,is_locked,absent\r\n"
        'a,"A\nB",pro,30,01,TRUE,\r\n,,,,,,\r\n\r\nb,\'=x,,,,,False\r\nc,,"[1]",,,,',
        encoding="utf-8",
    )
    assert read_rows(path) == [
        {
            "tenant_id": "a",
            "name": "A\nB",
            "metadata": {"plan": "pro", "seats": 30},
            "settings": {"date_format": "01"},
            "is_locked": True,
        },
        {"tenant_id": "b", "name": "=x", "absent": False},
        {"tenant_id": "c", "metadata": {"plan": [1]}},
    ]


@pytest.mark.parametrize("column", ["metadata", "metadata.seats", "settings", "applications"])
def test_a_cell_of_csv_clears_nothing(column: str, tmp_path: Path) -> None:
    """Spreadsheets and exports of databases write null where there is no value."""
    (tmp_path / "a.csv").write_text(f"tenant_id,{column}\nacme,null\n", encoding="utf-8")
    with pytest.raises(FilesError, match=r"a.csv:2:6: .*: null would clear the field, which a CSV file cannot do"):
        read_rows(tmp_path / "a.csv")


def test_what_is_null_or_set_by_the_service_is_accepted() -> None:
    """A plan judges these by what the environment shows, and reads no field that the service sets."""
    cleared = ("name", "is_reseller", "is_locked", "metadata", "status", "parent_tenant_id")
    row: Row = {"tenant_id": "a", "absent": False, "created_at": 1, "not_managed": {}, "api_tokens": None, "extra": 7}
    row |= dict.fromkeys(cleared)
    assert read_rows([row]) == [row]
    assert read_rows([{"tenant_id": "a", "name": ""}]) == [{"tenant_id": "a", "name": ""}]


@pytest.mark.parametrize("suffix", FORMATS)
def test_later_faults_have_their_place_too(suffix: str, tmp_path: Path) -> None:
    """A fault that only the environment shows is found in the text of its file."""
    rows: list[Row] = [{"tenant_id": "b"}, {"tenant_id": "a", "metadata": {"seats": [1, 2]}, "is_locked": True}]
    path = write(tmp_path / f"accounts{suffix}", rows)
    with read_accounts([path]) as files:
        row = next(iter(files.sorted()))
        fault = files.fault_at(row, ("is_locked",), "is odd")
        whole = files.fault_at(row, (), "is odd")
        unknown = files.fault_at(row, ("no", "field"), "is odd")
        text = path.read_text(encoding="utf-8").splitlines()[fault.place.line - 1]
        path.write_bytes(b"\xff")
        changed = files.fault_at(row, ("is_locked",), "is odd")
    assert text[fault.place.column - 1 :].startswith("true")
    assert str(fault) == f"{path}:{fault.place.line}:{fault.place.column}: is odd"
    assert whole.place == unknown.place == changed.place == row.place


def test_a_file_that_changes_is_refused(tmp_path: Path) -> None:
    """The rows of an export are read twice, and must be the same."""
    path = tmp_path / "accounts.jsonl"
    lines = export(Tenant(tenant_id="a"), Tenant(tenant_id="b", name="B"))
    others = [
        lines.replace(b'"B"', b'"C"'),
        lines.replace(b'"tenant_id":"b"', b'"tenant_id":"A"'),
        lines.replace(b'"tenant_id"', b'"other"'),
        lines + lines,
        b"",
        b"{",
    ]
    for other in others:
        path.write_bytes(lines)
        with read_accounts([path]) as files:
            path.write_bytes(other)
            with pytest.raises(FilesError) as caught:
                list(files.sorted())
        assert str(caught.value) == f"{path}: the file changed while it was read"
    path.write_bytes(lines)
    with read_accounts([path]) as files:
        path.unlink()
        with pytest.raises(FilesError, match=r"accounts\.jsonl: the file cannot be read"):
            list(files.sorted())


def test_sources_that_are_none(tmp_path: Path) -> None:
    """The message says what a source may be."""
    with pytest.raises(InvalidArgumentError, match="sources must be a list"):
        read_accounts(str(tmp_path / "a.jsonl"))
    with pytest.raises(InvalidArgumentError, match="sources must be a list"):
        read_accounts(cast("list[AccountsSource]", {"tenant_id": "a"}))
    with pytest.raises(InvalidArgumentError, match="sources must contain only paths and rows, not int"):
        read(cast("AccountsSource", 3))


@pytest.mark.slow
def test_memory_is_flat(tmp_path: Path) -> None:
    """An export of any size is read in parts, also if lines of it were edited."""
    path = tmp_path / "accounts.jsonl"
    some = 500
    with path.open("wb") as file:
        for first in range(0, 10_000, some):
            accounts = [
                Tenant(tenant_id=f"a{number:05}", metadata={"n": number}) for number in range(first, first + some)
            ]
            file.write(export(*accounts).replace(b'"n":', b'"n": ', 1))
    tracemalloc.start()
    try:
        with read_accounts([path]) as files:
            count = sum(1 for _ in files.sorted())
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert count == 10_000
    assert most < path.stat().st_size / 3
