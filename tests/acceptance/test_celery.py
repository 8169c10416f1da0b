"""Tasks in Celery's prefork pool, with a broker that is a directory."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from frontegg_async.emulator import EmulatorHandle

pytestmark = pytest.mark.acceptance

_ROOT: Final = Path(__file__).resolve().parents[2]
_SECONDS: Final = 120.0
_SECONDS_TO_END: Final = 30.0
_TASKS: Final = 200
_BAD: Final = ("Traceback", "WorkerLostError", "SIGKILL", "Timed out")


@pytest.fixture
def directory(tmp_path: Path, frontegg_emulator: EmulatorHandle, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What the worker and those who send tasks share, with an environment that has a tenant."""
    for name in ("queue", "control", "results"):
        (tmp_path / name).mkdir()
    frontegg_emulator.seed(tenants=[{"tenantId": "t1", "name": "First"}])
    monkeypatch.setenv("TASKS_DIRECTORY", str(tmp_path))
    monkeypatch.setenv("FRONTEGG_BASE_URL", frontegg_emulator.url.replace("127.0.0.1", "localhost"))
    monkeypatch.setenv("FRONTEGG_CLIENT_ID", frontegg_emulator.client_id)
    monkeypatch.setenv("FRONTEGG_SECRET_KEY", frontegg_emulator.secret)
    return tmp_path


@contextlib.contextmanager
def _worker(directory: Path, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "celery", "--app=tests.acceptance.celery_tasks", "worker", "--loglevel=INFO"]
    pool = ("--pool=prefork", "--concurrency=3", "--max-tasks-per-child=25")
    quiet = ("--without-gossip", "--without-mingle", "--without-heartbeat")
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*command, *pool, *quiet],
            cwd=directory,
            env={**os.environ, "PYTHONPATH": str(_ROOT)},
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def test_tasks_in_the_prefork_pool(directory: Path, frontegg_emulator: EmulatorHandle) -> None:
    """Each task is done once, in workers that are replaced after some tasks; the worker ends when it is told to."""
    from tests.acceptance.celery_tasks import ask

    log = directory / "celery.log"
    with _worker(directory, log) as process:
        sent = [ask.delay(number) for number in range(_TASKS)]
        results: list[dict[str, Any]] = [each.get(timeout=_SECONDS, interval=0.05) for each in sent]
        process.send_signal(signal.SIGTERM)
        status = process.wait(_SECONDS_TO_END)
    written = log.read_text()

    processes = {result.pop("process") for result in results}
    assert results == [{"read": f"Number {number}", "first": "First"} for number in range(_TASKS)]
    assert len(processes) > 3
    assert process.pid not in processes
    assert (status, [line for line in written.splitlines() if any(word in line for word in _BAD)]) == (0, []), written
    assert [entry.route for entry in frontegg_emulator.journal()].count("tenants.create") == _TASKS
