"""Make the pictures of the command line for the pages: commands in a tmux terminal, with the data of ``--demo``.

Usage: ``.venv/bin/python tools/make_screens.py [DIRECTORY]``, after ``make dev``; needs ``bash`` and ``tmux``.
"""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.text import Text

from frontegg_async.emulator import Emulator
from frontegg_async.emulator.world.demo_data import demo_seed

ROOT: Final = Path(__file__).resolve().parent.parent
COLUMNS: Final = 100
ROWS: Final = 100
PORT: Final = 8765
"""The port of the emulator. It is fixed, since commands show the address."""
SECONDS: Final = 60
"""Seconds that a command may take."""
PROMPT: Final = r"^\$\s*\Z"


class Terminal:
    """A terminal with a shell. ``end`` ends both.

    Args:
        directory: The working directory of the shell.
        environ: The environment variables.
    """

    def __init__(self, directory: Path, environ: dict[str, str]) -> None:
        self.directory = directory
        self._environ = environ
        self._tmux = ("tmux", "-u", "-f", os.devnull, "-S", str(directory.with_suffix(".tmux")))
        shell = ("-c", str(directory), "bash", "--norc", "--noprofile")
        self._call("new-session", "-d", "-x", str(COLUMNS), "-y", str(ROWS), *shell)

    def _call(self, *arguments: str) -> str:
        call = (*self._tmux, *arguments)
        return subprocess.run(call, env=self._environ, stdout=subprocess.PIPE, encoding="utf-8", check=True).stdout

    def end(self) -> None:
        """End the shell and its commands."""
        self._call("kill-server")

    def wait_for(self, pattern: str) -> None:
        """Wait until the screen matches a pattern.

        Raises:
            TimeoutError: The screen does not match in time.
        """
        end = time.monotonic() + SECONDS
        while not re.search(pattern, shown := self._call("capture-pane", "-p"), re.MULTILINE | re.DOTALL):
            if time.monotonic() > end:
                raise TimeoutError(f"{pattern!r} is not on the screen:\n{shown}")
            time.sleep(0.05)

    def begin(self, command: str) -> None:
        """Type a command of at most one line."""
        self._call("send-keys", "-l", command)
        self._call("send-keys", "Enter")

    def run(self, *commands: str) -> None:
        """Run commands, each to its end."""
        for command in commands:
            self.begin(command)
            self.wait_for(rf"^\$ {re.escape(command)}$.*{PROMPT}")

    def interrupt(self) -> None:
        """Press Ctrl-C, and wait for the end of the command."""
        self._call("send-keys", "C-c")
        self.wait_for(PROMPT)

    def clear(self) -> None:
        """Clear the screen."""
        self._call("send-keys", "C-l")

    def picture(self, name: str) -> str:
        """Return the screen as SVG, without a prompt in the last line."""
        screen = Text.from_ansi(self._call("capture-pane", "-p", "-e"))
        screen.rstrip()
        if screen.plain.endswith("\n$"):
            screen.right_crop(2)
        console = Console(file=io.StringIO(), record=True, width=COLUMNS)
        console.print(screen, end="\n\n")  # rich cuts the lower edge of the last line
        # Remove the font that rich loads from another host.
        return re.sub(
            r"@font-face \{.*?\}|<!--.*?-->", "", console.export_svg(title="", unique_id=name), flags=re.DOTALL
        )


def show_help(terminal: Terminal) -> None:
    """Show all commands."""
    terminal.run("frontegg --help")


def show_tenants(terminal: Terminal) -> None:
    """Show accounts as a table, accounts as a tree, and an account."""
    terminal.run(
        "frontegg tenants list --limit 8",
        "frontegg hierarchy tree north-labs",
        "frontegg tenants get acme --fields name,timezone,metadata",
    )


def show_check(terminal: Terminal) -> None:
    """Show the message about a wrong secret."""
    (terminal.directory / "old-secret.txt").write_text("emu_old", encoding="utf-8")
    terminal.run(
        "frontegg check --secret-file old-secret.txt", "frontegg whoami --fields environment,base_url,client_id"
    )


def show_differences(terminal: Terminal) -> None:
    """Show the changes since an export."""
    terminal.run(
        "frontegg export monday.jsonl",
        "frontegg tenants update acme --status trial",
        "frontegg tenants metadata set cafe-ost plan=business seats=14",
        "frontegg tenants create --tenant-id globex --name Globex",
        "frontegg hierarchy unassign kiosk-7 north-retail",
        "frontegg tenants delete tundra --yes",
    )
    terminal.clear()
    terminal.run('frontegg diff monday.jsonl live --exit-code; echo "exit code $?"')


def begin_bulk(terminal: Terminal) -> None:
    """Show a job that is half done."""
    shops = [f"shop-{number},Shop {number},,{3 + number % 17}" for number in range(1, 1197)]
    failing = ["acme,Acme,,40", "lumen,Lumen,,11", "atlas,Atlas,,900", "atlas-kiosk,Atlas Kiosk,atlas,2"]
    lines = ["tenant_id,name,parent_tenant_id,metadata.seats", *shops[:100], *failing, *shops[100:]]
    (terminal.directory / "shops.csv").write_text("\n".join(lines), encoding="utf-8")
    terminal.begin("frontegg bulk run create shops.csv --ledger shops.sqlite3 --rate 200/s")
    terminal.wait_for(r" 7\d\d/1,200")


def resume_bulk(terminal: Terminal) -> None:
    """Show a job that was interrupted, and its report after it was resumed."""
    begin_bulk(terminal)
    terminal.interrupt()
    terminal.run("frontegg bulk resume shops.sqlite3", "frontegg bulk report shops.sqlite3 --only failed")


PICTURES: Final[dict[str, Callable[[Terminal], None]]] = {
    "terminal-help": show_help,
    "terminal-tenants": show_tenants,
    "terminal-check": show_check,
    "terminal-diff": show_differences,
    "terminal-bulk": begin_bulk,
    "terminal-bulk-resumed": resume_bulk,
}


@contextmanager
def terminal() -> Generator[Terminal]:
    """Yield a terminal in an empty directory, with its own emulator."""
    with tempfile.TemporaryDirectory() as home, Emulator(seed=demo_seed(), port=PORT) as emulator:
        directory = Path(home, "work")
        directory.mkdir()
        environ = {
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "LC_ALL": "C.UTF-8",
            "COLORTERM": "truecolor",
            # A green prompt before a bold command.
            "PS1": r"\[\e[1;32m\]$ \[\e[0;1m\]",
            "PS0": r"\e[0m",
            "FRONTEGG_BASE_URL": emulator.url,
            "FRONTEGG_CLIENT_ID": emulator.client_id,
            "FRONTEGG_SECRET_KEY": emulator.secret,
            "FRONTEGG_ENVIRONMENT": "Demo",
            "FRONTEGG_CONFIG_DIR": home,
        }
        opened = Terminal(directory, environ)
        try:
            opened.wait_for(PROMPT)
            yield opened
        finally:
            opened.end()


def main(directory: Path) -> None:
    """Make all pictures."""
    for name, show in PICTURES.items():
        with terminal() as opened:
            show(opened)
            (directory / f"{name}.svg").write_text(opened.picture(name), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "images")
