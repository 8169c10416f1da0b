"""Files of snapshots are read back, also those that earlier versions and other programs wrote."""

from __future__ import annotations

from pathlib import Path

from frontegg_async.snapshots.files import read_rows


def test_cells_of_csv_with_and_without_a_guard(tmp_path: Path) -> None:
    """An apostrophe is removed where it guards a cell, and nowhere else."""
    path = tmp_path / "accounts.csv"
    lines = ["tenant_id,name,metadata", "a,=x,-1", "b,'=x,", "c,''=x,", "d,'x,", 'e,\'-é,"""\'=x"""']
    path.write_text("\n".join(lines), encoding="utf-8")
    rows = [*read_rows(path)]
    assert [row["name"] for row in rows] == ["=x", "=x", "'=x", "'x", "-é"]
    assert [row["metadata"] for row in rows] == [-1, None, None, None, "'=x"]
