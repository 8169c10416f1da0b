"""Row 43: commands whose standard output or standard error is closed, full, left by its reader, or not read."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any, Final, TextIO
from unittest import mock

from frontegg_async.emulator import Emulator
from frontegg_async.emulator.blocking_handle import EmulatorHandle
from tests.acceptance.scoreboard.row import Finding, Row, Setting

_FAULTS: Final = ("closed", "full", "left", "one line")
_STREAMS: Final = ("stdout", "stderr")
_SOME: Final = (
    "api-tokens create", "bulk run", "diff", "export", "migrations wait", "onboard", "profiles use", "tenants delete",
    "tenants list",
)  # fmt: skip
"""The commands of the short form: one of each kind."""
_NOT_READ: Final = ("bulk run", "export", "tenants list")
"""The commands of the short form whose readers pause."""
_COUNT: Final = 30
"""The rows of a bulk job; one of them is refused."""
_TOOLS: Final = Path(__file__).parents[4] / "tools"
_LONGEST: Final = 30.0
"""Seconds after which a process that was told to end hangs."""


class Ground:
    """An environment that has everything, and a directory for files.

    Args:
        environment: The environment.
        directory: The directory.
    """

    def __init__(self, environment: EmulatorHandle, directory: Path) -> None:
        from tests.exercises import world

        self.environment = environment
        self.directory = directory
        world.prepare(environment)
        environment.seed(tenants=[{"tenantId": "bulk-7", "name": "Of another"}])
        self._snapshot: dict[str, Any] = environment.snapshot()
        os.environ.update(
            {
                "FRONTEGG_BASE_URL": environment.url,
                "FRONTEGG_CLIENT_ID": environment.client_id,
                "FRONTEGG_SECRET_KEY": environment.secret,
                "FRONTEGG_CONFIG_DIR": str(directory / "settings"),
                "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
            }
        )

    def command_line(self, name: str) -> list[str]:
        """Put everything in its first state; return the command line of a command."""
        from tests.cli.test_every_command import PROGRAMS, prepared

        self.environment.restore(self._snapshot)
        user = self.environment.user_token(tenant_id="acme", user_id="ann", permissions=["fe.*"])
        os.environ["FRONTEGG_USER_TOKEN"] = user.access_token
        for path in (*self.directory.glob("ledger*"), self.directory / "made", self.directory / "accounts.jsonl"):
            path.unlink(missing_ok=True)
        shutil.rmtree(self.directory / "settings", ignore_errors=True)
        with silent():
            words = prepared(name, self.environment, self.directory, lambda *words: int(_run(words)))
        if name == "bulk run":
            rows = "".join(f"bulk-{n},One\n" for n in range(_COUNT))
            (self.directory / "rows.csv").write_text(f"tenant_id,name\n{rows}", encoding="utf-8")
        self.environment.clear_journal()
        return words if name in PROGRAMS else [*words, "--yes", "--verbose", "--progress", "jsonl"]

    def work(self) -> tuple[Counter[tuple[str | None, int | None]], int]:
        """Return which writes were answered, and the size of an exported file."""
        entries = [entry for entry in self.environment.journal() if entry.method != "GET"]
        file = self.directory / "accounts.jsonl"
        return Counter((entry.route, entry.status) for entry in entries), file.stat().st_size if file.exists() else 0


@contextmanager
def _stream(fault: str) -> Generator[TextIO | None]:
    """Yield a stream with a fault."""
    if fault == "closed":
        yield None
        return
    read, write = (-1, os.open("/dev/full", os.O_WRONLY)) if fault == "full" else os.pipe()
    reader = threading.Thread(target=_read_one_line, args=(read,))
    if fault == "left":
        os.close(read)
    elif fault == "one line":
        reader.start()
    stream = os.fdopen(write, "w", encoding="utf-8")
    yield stream
    with suppress(OSError):  # the rest of the output cannot be written
        stream.close()
    if fault == "one line":
        reader.join()


def _read_one_line(pipe: int) -> None:
    with os.fdopen(pipe, "rb", buffering=0) as reader:
        reader.readline()


@contextmanager
def silent(**streams: TextIO | None) -> Generator[None]:
    """Have commands write to nowhere, but to the streams that are given."""
    with ExitStack() as stack:
        for name in _STREAMS:
            usual = stack.enter_context(Path(os.devnull).open("w", encoding="utf-8"))
            stack.enter_context(mock.patch.object(sys, name, streams.get(name, usual)))
        yield


def _run(words: Sequence[str]) -> int | str:
    from frontegg_async import cli

    try:
        return int(cli.run(words))
    except BaseException as error:  # noqa: BLE001 - it is what is looked for
        return repr(error)


def look(ground: Ground, names: Sequence[str]) -> Iterator[str]:
    """Yield what is wrong with commands whose streams break; an empty text for each that is right."""
    for name in names:
        words = ground.command_line(name)
        with silent():
            usual = _run(words)
        done = ground.work()
        for stream in _STREAMS:
            for fault in _FAULTS:
                words = ground.command_line(name)
                with _stream(fault) as broken, silent(**{stream: broken}):
                    code = _run(words)
                lost = (stream, fault) == ("stdout", "full")
                is_right = code == usual or (lost and code not in (0, 130) and isinstance(code, int))
                what = f"code {code} and not {usual}" if not is_right else "work undone"
                yield "" if is_right and ground.work() == done else f"{name}, {stream} {fault}: {what}"


def pause(ground: Ground, names: Sequence[str]) -> Iterator[str]:
    """Yield what is wrong with processes whose output nobody reads, when a signal tells them to end."""
    for name in names:
        read, write = os.pipe()
        os.set_blocking(write, False)
        while _fill(write):
            pass
        os.set_blocking(write, True)
        command = [sys.executable, "-m", "frontegg_async", *ground.command_line(name)]
        with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=write, stderr=write) as process:
            _wait(process, 1.0)
            process.send_signal(signal.SIGTERM)
            is_ended = _wait(process, _LONGEST)
            process.kill()
        os.close(read)
        os.close(write)
        yield "" if is_ended else f"{name}: a process whose reader pauses did not end"


def _fill(pipe: int) -> bool:
    try:
        os.write(pipe, b"x" * 4096)
    except BlockingIOError:
        return False
    return True


def _wait(process: subprocess.Popen[bytes], seconds: float) -> bool:
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return False
    return True


async def measure_streams(setting: Setting) -> Finding:
    """Run commands with broken streams in this process, and with readers who pause in others."""
    sys.path.append(str(_TOOLS))
    from tests.cli.test_every_command import COMMANDS

    everything = [name for name in COMMANDS if name not in {"bulk worker", "webhooks listen"}]
    looked, paused = (everything, setting.rng("pauses").sample(everything, 20)) if setting.full else (_SOME, _NOT_READ)

    def measure(work: Callable[[Ground, Sequence[str]], Iterator[str]], names: Sequence[str]) -> list[str]:
        with tempfile.TemporaryDirectory() as directory, Emulator() as emulator:
            return list(work(Ground(emulator.create_environment(), Path(directory)), names))

    with mock.patch.dict(os.environ):
        of_faults = await asyncio.to_thread(measure, look, looked)
        of_pauses = await asyncio.to_thread(measure, pause, paused)
    wrong, hung = [text for text in of_faults if text], [text for text in of_pauses if text]
    return Finding(
        figure=f"{len(wrong)} of {len(of_faults)} runs of {len(looked)} commands left work or its exit code behind; "
        f"{len(hung)} of {len(of_pauses)} with readers who pause hung",
        passed=not wrong and not hung,
        details=(*wrong[:20], *hung[:10]),
    )


ROWS: Final = (
    Row(
        number=43,
        name="broken_streams",
        title="commands with standard output or error closed, full, left after a line, or not read",
        target="exit code 0 with work undone 0; hangs 0",
        measure=measure_streams,
        starred=True,
        time_limit=100.0,
    ),
)
