"""Blocking calls in a thread whose event loop runs."""

from __future__ import annotations

import asyncio
import inspect
import subprocess
import sys
import textwrap
import warnings
from collections.abc import Iterator

import pytest

import frontegg_async.errors
import frontegg_sync.errors
from frontegg_async.emulator import EmulatorHandle
from frontegg_sync import Frontegg
from frontegg_sync.errors import BlockingCallWarning


@pytest.fixture
def caught() -> Iterator[list[warnings.WarningMessage]]:
    """What a program with Python's default filters is warned of."""
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("default")
        yield found


def test_a_call_warns_once_at_the_line_of_the_caller(
    frontegg_sync_client: Frontegg, caught: list[warnings.WarningMessage]
) -> None:
    """However often the line is run; another line warns again."""

    async def main() -> int:
        for _ in range(3):
            frontegg_sync_client.tenants.list().count()
        frontegg_sync_client.tenants.create(name="Acme")
        frame = inspect.currentframe()
        assert frame is not None
        return frame.f_lineno

    end = asyncio.run(main())

    assert [(each.category, each.filename, each.lineno) for each in caught] == [
        (BlockingCallWarning, __file__, end - 4),
        (BlockingCallWarning, __file__, end - 3),
    ]
    assert "asyncio.to_thread" in str(caught[0].message)


def test_threads_beside_a_loop_are_no_mistake(
    frontegg_sync_client: Frontegg, caught: list[warnings.WarningMessage]
) -> None:
    """Nor is a thread without a loop."""
    asyncio.run(asyncio.to_thread(frontegg_sync_client.check))
    frontegg_sync_client.check()

    assert caught == []


def test_a_warning_that_is_an_error_sends_nothing(
    frontegg_emulator: EmulatorHandle, frontegg_sync_client: Frontegg
) -> None:
    """The caller can await or use a thread instead."""

    async def main() -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("error", BlockingCallWarning)
            with pytest.raises(BlockingCallWarning, match="running event loop"):
                frontegg_sync_client.tenants.create(name="Acme")

    asyncio.run(main())

    assert frontegg_emulator.journal() == []


def test_both_packages_export_it() -> None:
    """It is one class."""
    assert frontegg_async.errors.BlockingCallWarning is frontegg_sync.errors.BlockingCallWarning


@pytest.mark.slow
def test_cells_of_a_notebook_are_not_warned(frontegg_emulator: EmulatorHandle) -> None:
    """A real kernel runs its cells inside a loop."""
    pytest.importorskip("ipykernel", reason="notebooks are tested where the group notebooks is installed")
    source = f"""
    import asyncio, warnings
    from frontegg_sync import Frontegg
    asyncio.get_running_loop()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        with Frontegg("emu_client", "emu_secret", base_url={frontegg_emulator.url!r}) as frontegg:
            frontegg.check()
    print(len(caught))
    """
    program = (
        "import sys, nbclient, nbformat;"
        "book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(sys.stdin.read())]);"
        "nbclient.NotebookClient(book, startup_timeout=300).execute();"
        "print(book.cells[0].outputs[0].text)"
    )

    finished = subprocess.run(
        [sys.executable, "-c", program],
        input=textwrap.dedent(source),
        capture_output=True,
        text=True,
        check=True,
        timeout=400,
    )

    assert finished.stdout.strip() == "0"
