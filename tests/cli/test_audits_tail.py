"""``frontegg audits tail`` as a process."""

from __future__ import annotations

import asyncio
import json
import os
import shlex
import signal
import subprocess
from collections.abc import Generator, Mapping
from contextlib import contextmanager

import pytest

from frontegg_async.emulator.blocking_handle import EmulatorHandle
from tests.cli.conftest import Run
from tests.support.nursery import forked
from tests.support.waiting import until

pytestmark = [pytest.mark.slow, pytest.mark.skipif(os.name != "posix", reason="it needs signals")]


@contextmanager
def tail(environ: Mapping[str, str], *options: str) -> Generator[subprocess.Popen[str]]:
    """Run the command."""
    command = [*forked(), "audits", "tail", "--interval", "0.05", *options]
    with subprocess.Popen(command, stdout=-1, stderr=-1, env=environ, encoding="utf-8") as process:
        try:
            yield process
        finally:
            process.kill()


def write(emulator: EmulatorHandle, tenant_id: str) -> None:
    """Have a row in the log."""
    with emulator.client() as client:
        client.tenants.create(tenant_id=tenant_id, name=tenant_id)


def interrupt(process: subprocess.Popen[str], emulator: EmulatorHandle, number: signal.Signals) -> tuple[str, str]:
    """Send a signal while the command waits for rows; return what is left of its output and its messages."""
    before = len(emulator.journal())
    asyncio.run(until(lambda: len(emulator.journal()) > before))
    process.send_signal(number)
    assert process.stdout is not None
    assert process.stderr is not None
    left = process.stdout.read(), process.stderr.read()
    process.wait()
    return left


def line(process: subprocess.Popen[str]) -> str:
    """Return the next line of the output."""
    assert process.stdout is not None
    return process.stdout.readline()


def test_it_follows_until_ctrl_c_and_continues(environ: Mapping[str, str], emulator: EmulatorHandle) -> None:
    """Each row comes once, over two runs."""
    write(emulator, "a")
    with tail(environ, "--since", "2020-01-01", "--fields", "tenant_id") as process:
        assert line(process) == '{"tenant_id":"a"}\n'
        write(emulator, "b")
        assert line(process) == '{"tenant_id":"b"}\n'
        out, err = interrupt(process, emulator, signal.SIGINT)
        assert (process.returncode, out) == (130, "")
    said, command = err.splitlines()
    assert said == "to continue after the last row:"
    write(emulator, "c")
    with tail(environ, *shlex.split(command)[3:], "--output", "table") as process:
        assert "  c  " in line(process)
        assert interrupt(process, emulator, signal.SIGTERM)[1].splitlines()[0] == said
        assert process.returncode == -signal.SIGTERM


def test_json_is_whole_after_ctrl_c(environ: Mapping[str, str], emulator: EmulatorHandle) -> None:
    """Of one account."""
    write(emulator, "a")
    write(emulator, "b")
    options = ("--since", "2020-01-01", "--tenant", "b", "--output", "json", "--fields", "tenant_id")
    with tail(environ, *options) as process:
        first = line(process) + line(process)
        out, err = interrupt(process, emulator, signal.SIGINT)
    assert json.loads(first + out) == [{"tenant_id": "b"}]
    assert "frontegg audits tail --tenant b --cursor " in err


def test_refused(run: Run) -> None:
    """Before anything is sent."""
    ran = run("audits", "tail", "--cursor", "nope")
    assert (ran.code, ran.out) == (2, "")
    assert "--cursor" in ran.err.splitlines()[0]
    assert "--fields must be among" in run("audits", "tail", "--fields", "nope").err
