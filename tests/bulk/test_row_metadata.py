"""Metadata in rows: keys with columns of their own, and texts."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import AsyncGenerator, Sequence
from pathlib import Path
from typing import Any

import pytest

from frontegg_async import AsyncFrontegg, Tenant
from frontegg_async.emulator import EmulatorHandle
from frontegg_async.errors import UnusableRowsError
from frontegg_async.models import RawText

pytestmark = pytest.mark.anyio


def _sources(row: dict[str, str], directory: Path) -> Sequence[Any]:
    """Return a row in each form: as CSV, as JSON Lines, as a mapping."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerows([row.keys(), row.values()])
    (directory / "rows.csv").write_text(text.getvalue(), encoding="utf-8")
    (directory / "rows.jsonl").write_text(json.dumps(row), encoding="utf-8")
    return [directory / "rows.csv", directory / "rows.jsonl", [row]]


@pytest.mark.parametrize("column", ["metadata.limits.seats", "metadata.a.b", "metadata.limits.a.b"])
@pytest.mark.parametrize("columns", [None, ["metadata"], ["metadata.limits", "metadata.a"]])
@pytest.mark.parametrize("operation", ["update", "add_metadata"])
async def test_a_column_within_the_value_of_a_key_is_refused(
    operation: str, columns: Any, column: str, frontegg_client: AsyncFrontegg, tmp_path: Path
) -> None:
    """The value of a key is written as a whole: what else is in it would be lost."""
    key = ".".join(column.split(".")[:2])
    for source in _sources({"tenant_id": "deep", column: "6"}, tmp_path):
        with pytest.raises(UnusableRowsError) as caught:
            await getattr(frontegg_client.bulk, operation)(source, columns=columns, ledger=tmp_path / "l")
        assert f"{column} cannot be set alone: {operation} writes the whole value of {key}," in str(caught.value)
        assert f"Give a column {key} with the whole value as JSON" in str(caught.value)
        assert not (tmp_path / "l").exists()


async def test_a_column_within_the_value_of_a_key_that_is_not_sent(
    frontegg_client: AsyncFrontegg, frontegg_emulator: EmulatorHandle, tmp_path: Path
) -> None:
    frontegg_emulator.seed(tenants=[{"tenantId": "deep", "name": "D", "metadata": {"limits": {"seats": 5}}}])
    row = {"tenant_id": "deep", "metadata.limits.seats": "6", "metadata.plan": "pro"}
    for number, source in enumerate(_sources(row, tmp_path)):
        await frontegg_client.bulk.update(source, columns=["metadata.plan"], ledger=tmp_path / f"l{number}")
    assert (await frontegg_client.tenants.get("deep")).metadata == {"limits": {"seats": 5}, "plan": "pro"}


async def test_a_creation_takes_columns_within_the_value_of_a_key(
    frontegg_client: AsyncFrontegg, tmp_path: Path
) -> None:
    """Nothing is there yet that could be lost."""
    row: dict[str, object] = {"tenant_id": "a", "name": "A", "metadata.limits.seats": 6, "metadata.limits.apps": 9}
    await frontegg_client.bulk.create([row], ledger=tmp_path / "l")
    assert (await frontegg_client.tenants.get("a")).metadata == {"limits": {"seats": 6, "apps": 9}}


TEXTS = ("[1]", "5", "null", '"text"', "text", '{"a": 1}', "")


@pytest.mark.parametrize("form", ["export", "models", "report.jsonl", "report.csv"])
async def test_metadata_that_is_a_text_stays_one(
    form: str, frontegg_client: AsyncFrontegg, frontegg_emulator: EmulatorHandle, tmp_path: Path
) -> None:
    """Also one that would be JSON text: as a parameter, or in CSV, it is written with quotes."""
    frontegg_emulator.seed(
        tenants=[
            {"tenantId": f"t{number}", "name": "N", "metadata": json.dumps(text)} for number, text in enumerate(TEXTS)
        ]
    )
    tenants = await frontegg_client.tenants.list().all()
    rows = [{"tenant_id": each.tenant_id, "metadata": json.dumps(each.metadata)} for each in tenants]
    source: Any = {"models": tenants}.get(form, tmp_path / f"rows{Path(form).suffix or '.jsonl'}")
    if form == "export":
        await frontegg_client.export(source)
    elif form != "models":
        given = await frontegg_client.bulk.update(rows, ledger=tmp_path / "given")
        write: Any = given.to_csv if source.suffix == ".csv" else given.to_json
        write(source)
    for number in range(len(TEXTS)):
        await frontegg_client.tenants.update(f"t{number}", metadata={})

    report = await frontegg_client.bulk.update(source, columns=["metadata"], ledger=tmp_path / "l")

    assert report.succeeded == len(TEXTS)
    found = await frontegg_client.tenants.list().all()
    assert [each.metadata for each in found] == list(TEXTS)
    assert not any(isinstance(each.metadata, RawText) for each in found)


@pytest.mark.parametrize("operation", ["update", "add_metadata", "update_account_settings"])
async def test_fields_of_a_model_are_not_sent_unless_they_are_named(
    operation: str, frontegg_client: AsyncFrontegg, frontegg_emulator: EmulatorHandle, tmp_path: Path
) -> None:
    """A model has each field as it was, as a row of an export has."""
    frontegg_emulator.seed(tenants=[{"tenantId": "a", "name": "A", "metadata": {"plan": "free"}}])
    old = await frontegg_client.tenants.list().all()
    frontegg_emulator.clear_journal()
    with pytest.raises(UnusableRowsError, match=r"row 1: the row is a Tenant, which has all fields.*columns="):
        await getattr(frontegg_client.bulk, operation)(old, ledger=tmp_path / "l")
    assert not [entry.route for entry in frontegg_emulator.journal() if entry.route != "auth.authenticate"]


async def test_none_of_a_model_clears_a_named_column(
    frontegg_client: AsyncFrontegg, frontegg_emulator: EmulatorHandle, tmp_path: Path
) -> None:
    """And no other; of a field that cannot be cleared it is nothing, as in an export."""
    frontegg_emulator.seed(
        tenants=[{"tenantId": "a", "name": "A", "website": "https://a.example", "status": "on", "isReseller": True}]
    )
    changed = Tenant(tenant_id="a", name="N2")
    report = await frontegg_client.bulk.update(
        [changed], columns=["website", "name", "is_reseller"], ledger=tmp_path / "l"
    )
    assert report.succeeded == 1
    found = await frontegg_client.tenants.get("a")
    assert (found.website, found.name, found.status, found.is_reseller) == (None, "N2", "on", True)


@pytest.mark.parametrize("columns", [["website"], ["metadata.plan"], ["website", "metadata.plan"]])
async def test_rows_without_a_value_in_the_named_columns_are_left_out(
    columns: list[str], frontegg_client: AsyncFrontegg, frontegg_emulator: EmulatorHandle, tmp_path: Path
) -> None:
    """They have nothing to change, in each form of the input, and the report does not count them."""
    frontegg_emulator.seed(tenants=[{"tenantId": each, "name": each} for each in "abc"])
    rows: list[dict[str, object]] = [{"tenant_id": each, "name": "x"} for each in "abc"]
    rows[1] |= {"website": "https://b.example", "metadata": {"plan": "pro"}}
    (tmp_path / "rows.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    (tmp_path / "rows.csv").write_text(
        "tenant_id,name,website,metadata.plan\na,x,,\nb,x,https://b.example,pro\nc,x,,\n", encoding="utf-8"
    )

    async def given() -> AsyncGenerator[dict[str, object]]:
        for row in rows:
            yield row

    for number, source in enumerate((rows, tmp_path / "rows.jsonl", tmp_path / "rows.csv", given())):
        report = await frontegg_client.bulk.update(source, columns=columns, ledger=tmp_path / f"l{number}")
        assert (report.total, report.succeeded) == (1, 1)
        [row] = report.rows()
        assert (row.tenant_id, row.line) == ("b", {1: 2, 2: 3}.get(number))
    del rows[1]
    for source in (rows, given()):
        with pytest.raises(
            UnusableRowsError, match=f"no row has a value in the columns to send, which are {', '.join(columns)}"
        ):
            await frontegg_client.bulk.update(source, columns=columns, ledger=tmp_path / "none")
    rows *= 200
    rows.append({"tenant_id": "d", "website": 1, "metadata.plan": float("nan")})
    for source in (rows, given()):
        with pytest.raises(
            UnusableRowsError, match=r"row 1, column '(website|metadata.plan)'.*\(row 401 of the input\)"
        ):
            await frontegg_client.bulk.update(source, columns=columns, ledger=tmp_path / "none")
