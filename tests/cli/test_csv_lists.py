"""CSV lists of the command line are input of bulk work, and each value comes back as it was."""

from __future__ import annotations

import asyncio
import contextlib
import csv
import io
import json
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from frontegg_async import Tenant
from frontegg_async._values.json_values import RawText
from frontegg_async.bulk.ledger import LedgerRow, RowState
from frontegg_async.bulk.operations import OPERATIONS
from frontegg_async.bulk.report_files import csv_columns, write_csv
from frontegg_async.bulk.rows import Row, read_chunks
from frontegg_async.cli.session import Session
from frontegg_async.emulator.blocking_handle import EmulatorHandle
from tests.cli.conftest import Run

NASTY: Final = (
    "", "=x", " =x", "\n=x", "'=x", "''=x", "'", "'x", "+1", "-1", "-x", "@x", "\tx", "\t=x", "\rx", "\ra", "a\rb",
    "a\r\nb", "a\nb\n", '"', 'a"b', '"a"', "3", " 3", "3.0", "1e5", "-3", "007", "2026-05-04", "3 seats", "true",
    "True", "team", "null", "nothing", "[]", "{", '{"a": 1}', '"text"', "NaN", "-Infinity", "é漢😀", "\x00", "a,b", ";",
    " a ", "\u00a03", "1" * 5_000, "[" * 2_000, '{"a": 1, "a": 2}', "tenant_id",
)  # fmt: skip
"""Texts that CSV, spreadsheets or readers of JSON take for something else."""

_TEXTS = st.sampled_from(NASTY) | st.text(st.sampled_from("'=+-@\t\r\n \"0tn[{,aé"), max_size=5)
_SCALARS = (
    _TEXTS
    | st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
)
_JSON = st.recursive(_SCALARS, lambda each: st.lists(each, max_size=3) | st.dictionaries(_TEXTS, each, max_size=3))
_METADATA = _JSON | st.dictionaries(st.sampled_from(["plan", "seats"]), _JSON)
_TENANTS = st.lists(
    st.builds(
        Tenant,
        tenant_id=st.just("t"),
        name=_TEXTS.filter(bool),
        status=st.none() | _TEXTS,
        metadata=_METADATA,
    ),
    min_size=1,
    max_size=4,
)


def _listed(tenants: Sequence[Tenant], fields: Sequence[str], path: Path) -> Path:
    """Write a list as commands do, to a file as a shell does."""
    with path.open("w", encoding="utf-8", newline="") as file, contextlib.redirect_stdout(file):
        asyncio.run(Session(output="csv", fields=tuple(fields), progress_mode="none").show_all(tenants))
    return path


def _read(path: Path) -> list[Mapping[str, object]]:
    async def read() -> list[Any]:
        return [row async for chunk in read_chunks(path, OPERATIONS["update"]) for row in chunk]

    rows = asyncio.run(read())
    assert [str(row) for row in rows if not isinstance(row, Row)] == []
    return [row.values for row in rows]


def _given(metadata: object) -> object:
    """Return the parameter that sets metadata: text is taken as JSON text."""
    return json.dumps(metadata, ensure_ascii=False) if isinstance(metadata, str) else metadata


def _same(one: object, other: object) -> bool:
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)  # in Python, 1 and True are equal


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory for one list at a time."""
    return tmp_path_factory.mktemp("lists")


@given(_TENANTS)
@example([Tenant(tenant_id="t", name=text or "x", status=text, metadata=text) for text in NASTY])
@example([Tenant(tenant_id="t", name="x", metadata={text: text}) for text in NASTY])
def test_fields_come_back(directory: Path, tenants: list[Tenant]) -> None:
    """An empty text and null are not given: CSV cannot say them."""
    path = _listed(tenants, ("tenant_id", "name", "status", "metadata"), directory / "list.csv")
    expected = [
        {name: value for name in ("tenant_id", "name", "status") if (value := getattr(each, name))}
        | ({} if each.metadata is None else {"metadata": _given(each.metadata)})
        for each in tenants
    ]
    with path.open(encoding="utf-8", newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert not [cell for cell in cells if cell.lstrip()[:1] in {*"=+@"} or cell[:1] in {"\t", "\r"}]
    assert _same(_read(path), expected)


@given(_TENANTS)
@example([Tenant(tenant_id="t", name="x", metadata={"plan": text}) for text in NASTY])
@example([Tenant(tenant_id="t", name="x", metadata={"plan": value}) for value in (None, True, 0, -1, 1.5, [], {})])
def test_keys_of_metadata_come_back(directory: Path, tenants: list[Tenant]) -> None:
    """Text stays text, null stays null, and a missing key stays missing; so does a report of these rows."""
    path = _listed(tenants, ("tenant_id", "name", "metadata.plan", "metadata.seats"), directory / "list.csv")
    expected = [
        {"tenant_id": each.tenant_id, "name": each.name}
        | {
            f"metadata.{key}": each.metadata[key]
            for key in ("plan", "seats")
            if isinstance(each.metadata, Mapping) and key in each.metadata
        }
        for each in tenants
    ]
    rows = _read(path)
    assert _same(rows, expected)

    ledger = [
        LedgerRow(number=number, line=None, tenant_id="t", state=RowState.FAILED, input=row)  # type: ignore[arg-type]
        for number, row in enumerate(rows, 1)
    ]
    report = io.StringIO(newline="")
    write_csv(report, iter(ledger), "update", csv_columns(iter(ledger), "update"))
    path.write_text(report.getvalue(), encoding="utf-8", newline="")
    assert _same(_read(path), expected)


def test_text_that_is_no_json_is_refused_and_not_changed() -> None:
    """Metadata that the service has as text without JSON would become a JSON text."""
    with tempfile.TemporaryDirectory() as directory:
        tenants = [Tenant(tenant_id="t", metadata=RawText("=gold"))]
        path = _listed(tenants, ("tenant_id", "metadata"), Path(directory, "list.csv"))
        assert path.read_text(encoding="utf-8") == "tenant_id,metadata\nt,'=gold\n"


@pytest.mark.slow
def test_a_list_restores_the_accounts(emulator: EmulatorHandle, run: Run, tmp_path: Path) -> None:
    """Of the commands: what ``tenants list`` wrote, ``bulk run update`` sets back, byte for byte."""
    rows: list[dict[str, Any]] = [
        {
            "tenantId": f"t{number:03}",
            "name": text or "x",
            "website": text or "x",
            "metadata": json.dumps({"plan": text, "n": None, text: [text, {"é": True}]}),
        }
        for number, text in enumerate(NASTY[1:-4:3])
    ]
    emulator.seed(tenants=rows)
    lists: dict[Path, tuple[Sequence[str], Sequence[str], Mapping[str, object]]] = {
        tmp_path / "whole.csv": ((), ("--columns", "name,website,metadata"), {"name": "o", "metadata": {}}),
        tmp_path / "some.csv": (("--fields", "tenant_id,name,website,metadata"), (), {"website": "o", "metadata": {}}),
        tmp_path / "keys.csv": (("--fields", "tenant_id,metadata.plan,metadata.n"), (), {"metadata.plan": "o"}),
    }
    for path, (fields, _, _) in lists.items():
        path.write_bytes(run("tenants", "list", "-o", "csv", *fields).out.encode())

    def stored() -> list[str]:
        return run("tenants", "list", "-o", "jsonl", "--fields", "tenant_id,name,website,metadata").out.splitlines()

    before = stored()
    other = tmp_path / "other.jsonl"
    for path, (_, columns, change) in lists.items():
        lines = [json.dumps({"tenant_id": row["tenantId"], **change}) + "\n" for row in rows]
        other.write_text("".join(lines), encoding="utf-8")
        for source, options in ((other, ()), (path, columns)):
            ledger = f"{source}.{path.stem}.ledger"
            ran = run("bulk", "run", "update", str(source), *options, "--yes", "--ledger", ledger)
            assert ran.code == 0, ran.err
            assert (stored() == before) is (source is path)
