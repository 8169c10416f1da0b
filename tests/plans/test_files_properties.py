"""What is written is read back, and any bytes give rows or faults."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from frontegg_async._formats.json_text import sorted_json
from frontegg_async._values.json_values import JsonValue
from frontegg_async.errors import Fault, FilesError
from frontegg_async.plans.files.accounts_files import read_accounts
from frontegg_async.plans.files.fields import FLAGS, SETTINGS_FIELDS, TEXTS
from frontegg_async.snapshots.files import columns_with, encoder
from frontegg_async.snapshots.rows import Row

FORMATS = (".jsonl", ".json", ".yml", ".csv")

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=12)
NUMBERS = st.integers(-(2**63), 2**64 - 1) | st.floats(allow_nan=False, allow_infinity=False)
JSON: st.SearchStrategy[JsonValue] = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)
IDS = st.from_regex(r"[a-z0-9\u00e4\u4e00][a-z0-9 .:/-]{0,6}[a-z0-9]", fullmatch=True)
"""No two of them look alike."""
FIELDS: dict[str, st.SearchStrategy[JsonValue]] = {
    **dict.fromkeys(sorted(TEXTS), TEXT),
    **dict.fromkeys(sorted(FLAGS), st.booleans()),
    "metadata": st.dictionaries(TEXT, JSON, max_size=3),
    "settings": st.dictionaries(st.sampled_from(sorted(SETTINGS_FIELDS)), TEXT, max_size=3),
    "applications": st.lists(TEXT, max_size=2),
}
REQUIRED: dict[str, st.SearchStrategy[JsonValue]] = {"tenant_id": IDS}
ROWS: st.SearchStrategy[list[Row]] = st.lists(
    st.fixed_dictionaries(REQUIRED, optional=FIELDS), max_size=5, unique_by=lambda row: str(row["tenant_id"])
)


def write(path: Path, rows: list[Row]) -> None:
    """Write rows as exports do; they write no list of JSON."""
    if path.suffix == ".json":
        path.write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")
        return
    head, encode = encoder(path, columns_with(["applications", "settings"]))
    lines = b"".join(sorted_json(row) + b"\n" for row in rows)
    path.write_bytes(head + (encode(lines) if rows else b""))


@pytest.mark.slow
@given(ROWS, st.sampled_from(FORMATS))
def test_rows_are_read_back(rows: list[Row], suffix: str) -> None:
    """Each format gives the values that were written, sorted by the id."""
    with TemporaryDirectory() as directory:
        path = Path(directory, f"accounts{suffix}")
        write(path, rows)
        with read_accounts([path]) as files:
            found = [row.line for row in files.sorted()]
    assert found == [sorted_json(row) for row in sorted(rows, key=lambda row: str(row["tenant_id"]))]


FILES = {
    ".jsonl": b'{"metadata":{"x":[1]},"tenant_id":"a"}\n{"tenant_id":"b","settings":{"timezone":"x"}}\n',
    ".json": b'[{"metadata": {"x": [1]}, "tenant_id": "a"},\n {"tenant_id": "b", "applications": ["x"]}]\n',
    ".yml": b"- tenant_id: a\n  metadata:\n    x: [1]\n- name: 'x'\n  tenant_id: b\n",
    ".csv": b'tenant_id,metadata.x,settings,name\na,"[1]",{},\nb,,,"x\ny"\n',
}
PARTS = (
    *(
        b"{",
        b"}",
        b"[",
        b"]",
        b",",
        b":",
        b'"',
        b"'",
        b"\\",
        b"\n",
        b"\r",
        b"\t",
        b" ",
        b"- ",
        b"  ",
        b"\0",
        b"#",
        b";",
    ),
    *(b"&a ", b"*a", b"<<: ", b"!!int ", b"!x ", b"? ", b"| ", b"> ", b"---", b"...", b"%YAML 9\n", b"@", b"`"),
    *(b"1", b"-", b"1e999", b"9" * 30, b"NaN", b"null", b"true", b".inf", b"\\ud800", b"\xff", b"\xef\xbb\xbf"),
    *(b"\xe2\x80\xa8", b"tenantId", b"metadata", b"format", b"absent", b"a", b'{"tenant_id":"a"}', b"- tenant_id: a\n"),
)
EDITS = st.lists(st.tuples(st.integers(0, 90), st.integers(0, 9), st.sampled_from(PARTS)), max_size=5)


@pytest.mark.slow
@given(EDITS, st.sampled_from(FORMATS))
def test_any_bytes_are_rows_or_faults(edits: list[tuple[int, int, bytes]], suffix: str) -> None:
    """A file is read, or refused with a place in it, whatever was done to its text."""
    text = FILES[suffix]
    for begin, length, part in edits:
        text = text[:begin] + part + text[begin + length :]
    lines = text.replace(b"\r", b"\n").count(b"\n") + 1
    faults: Sequence[Fault] = ()
    with TemporaryDirectory() as directory:
        path = Path(directory, f"accounts{suffix}")
        path.write_bytes(text)
        try:
            with read_accounts([path]) as files:
                for row in files.sorted():
                    assert sorted_json(json.loads(row.line)) == row.line
                    assert row.place.line <= files.fault_at(row, ("metadata",), "is odd").place.line
        except FilesError as error:
            faults = error.faults
            event(faults[0].message.partition(":")[0])
    # The parser of YAML may notice a fault behind the last line.
    assert all(fault.place.line <= lines + 1 for fault in faults)
