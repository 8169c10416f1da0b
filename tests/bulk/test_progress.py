"""How far a bulk job is, for people and programs: in notebooks, on terminals and in logs."""

from __future__ import annotations

import asyncio
import io
import json
import os
import textwrap
from pathlib import Path
from typing import Any

import pytest

from frontegg_async import AsyncFrontegg
from frontegg_async.bulk import BulkProgress, ProgressBar
from tests.support.html import elements


def _progress(done: int = 12_400, **given: Any) -> BulkProgress:
    fields: dict[str, Any] = {
        "total": 20_000,
        "done": done,
        "failed": 0,
        "unknown": 0,
        "skipped": 0,
        "requests": 13_000,
        "rate": 398.4,
        "elapsed": 31.2,
        "expected_end": 1_790_000_000.0,
    }
    return BulkProgress(**fields | given)


@pytest.mark.parametrize(
    ("progress", "text"),
    [
        (_progress(), "62.0 %, 12,400 of 20,000, 398/s, 19 s left"),
        (_progress(0, rate=0.0), "0.0 %, 0 of 20,000, 0.0/s"),
        (_progress(10, rate=0.5), "<0.1 %, 10 of 20,000, 0.5/s, 11 h 6 min left"),
        (_progress(19_900, failed=99), ">99.9 %, 19,999 of 20,000, 99 failed, 398/s, 0.0 s left"),
        (
            _progress(9, total=19, failed=4, unknown=3, skipped=2, stale=1),
            "100.0 %, 19 of 19, 4 failed, 3 unknown, 2 skipped, 1 stale, 398/s",
        ),
        (_progress(0, total=0), "100.0 %, 0 of 0, 398/s"),
        (_progress(0, rate=0.1), "0.0 %, 0 of 20,000, 0.1/s, 2 d 7 h left"),
    ],
)
def test_text(progress: BulkProgress, text: str) -> None:
    """A line, with what matters most at its beginning."""
    assert str(progress) == text


def test_json() -> None:
    """A line with the fields."""
    line = _progress().to_json()

    assert "\n" not in line
    assert json.loads(line) == {
        "total": 20_000,
        "done": 12_400,
        "failed": 0,
        "unknown": 0,
        "skipped": 0,
        "stale": 0,
        "requests": 13_000,
        "rate": 398.4,
        "elapsed": 31.2,
        "expected_end": 1_790_000_000.0,
    }


def test_html() -> None:
    """A bar of the page, and the text."""
    found, texts, _ = elements(_progress()._repr_html_())

    assert ("progress", (("max", "20000"), ("value", "12400"))) in found
    assert str(_progress()) in "".join(texts)


def test_a_log_has_a_line_for_each_tenth() -> None:
    """However often the job tells how far it is."""
    log = io.StringIO()
    show = ProgressBar(log)
    for done in range(0, 20_001, 100):
        show(_progress(done))

    lines = log.getvalue().splitlines()
    assert [line.partition(" ")[0] for line in lines] == [*(f"{10 * tenth}.0" for tenth in range(11))]


def test_a_terminal_has_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """It never wraps, and ends at the end of the job."""
    pty = pytest.importorskip("pty", reason="only POSIX has pseudo-terminals")
    monkeypatch.setenv("COLUMNS", "40")
    reader, writer = pty.openpty()
    with os.fdopen(reader, "rb", buffering=0) as screen, os.fdopen(writer, "w", encoding="utf-8") as terminal:
        show = ProgressBar(terminal)
        show(_progress(failed=12))
        show(_progress(20_000))
        shown = b""
        while not shown.endswith(b"\n"):
            shown += screen.read(1_000)

    first, second = "62.1 %, 12,412 of 20,000, 12 failed", "100.0 %, 20,000 of 20,000, 398/s"
    assert shown.decode() == f"\r{first:<39}\r{second:<39}\r\n"


@pytest.mark.anyio
async def test_a_job_shows_how_far_it_is(frontegg_client: AsyncFrontegg, tmp_path: Path) -> None:
    """By `on_progress`."""
    log = io.StringIO()
    rows = ({"name": f"T{number}"} for number in range(20))
    await frontegg_client.bulk.create(rows, ledger=tmp_path / "l", on_progress=ProgressBar(log))

    assert log.getvalue().splitlines()[-1].startswith("100.0 %, 20 of 20, ")


@pytest.mark.slow
@pytest.mark.parametrize("has_widgets", [True, False])
def test_a_notebook_has_a_bar(has_widgets: bool) -> None:
    """One of ipywidgets if they are there, which moves; else one in HTML, which is replaced."""
    pytest.importorskip("ipykernel", reason="notebooks are tested where the group notebooks is installed")
    from nbclient import NotebookClient
    from nbformat import v4

    source = f"""
        import sys
        if not {has_widgets}:
            sys.modules["ipywidgets"] = None
        from frontegg_async.bulk import BulkProgress, ProgressBar
        show = ProgressBar()
        for done in (0, 50, 100):
            show(BulkProgress(total=100, done=done, failed=0, unknown=0, skipped=0, requests=done, rate=50.0,
                              elapsed=1.0, expected_end=None))
    """
    book = v4.new_notebook(cells=[v4.new_code_cell(textwrap.dedent(source))])
    asyncio.run(NotebookClient(book, timeout=60, startup_timeout=300).async_execute())

    [output] = book.cells[0].outputs
    if has_widgets:
        assert "application/vnd.jupyter.widget-view+json" in output.data
        states = book.metadata.widgets["application/vnd.jupyter.widget-state+json"]["state"].values()
        values = {each["model_name"]: each["state"].get("value") for each in states}
        assert (values["IntProgressModel"], values["LabelModel"]) == (100, "100.0 %, 100 of 100, 50/s")
    else:
        assert '<progress max="100" value="100">' in output.data["text/html"]
