"""The program as a process: terminals, pipes, signals, encodings, and what it costs to start.

Tests about the start, its variables and its signals start Python (`STARTED`); the others have a nursery fork.
"""

from __future__ import annotations

import json
import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from frontegg_async.emulator.blocking_handle import EmulatorHandle
from tests.support.nursery import STARTED, forked

pytestmark = [pytest.mark.each_python, pytest.mark.skipif(os.name != "posix", reason="it needs a pseudo terminal")]


def _run(
    *arguments: str, given: str = "", environ: Mapping[str, str] | None = None, command: Sequence[str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run it in pipes."""
    return subprocess.run(
        [*(command or forked()), *arguments],
        input=given,
        capture_output=True,
        encoding="utf-8",
        env=environ,
        check=False,
    )


def on_a_terminal(
    arguments: Sequence[str], *, typed: str = "", columns: int = 80, environ: Mapping[str, str] | None = None
) -> tuple[int, str]:
    """Run it on a terminal of its own, type something, and return the exit code and what the terminal shows."""
    import fcntl
    import pty
    import struct
    import termios

    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    process = subprocess.Popen(
        [*forked(), *arguments], stdin=slave, stdout=slave, stderr=slave, env=environ, start_new_session=True
    )
    os.close(slave)
    shown = b""
    left = typed.encode(errors="surrogateescape")
    while True:
        try:
            part = os.read(master, 65536)
        except OSError:  # the other end is closed
            break
        if not part:
            break
        shown += part
        if left and shown.rstrip().endswith((b":", b"[y/N]", b"shown):")):
            line, _, left = left.partition(b"\n")
            os.write(master, line + b"\n")
    os.close(master)
    return process.wait(), shown.decode(errors="replace")


@pytest.fixture
def accounts(emulator: EmulatorHandle, environ: Mapping[str, str]) -> Mapping[str, str]:
    """The variables of an environment with three accounts."""
    emulator.seed(tenants=[{"tenantId": f"t{number}", "name": "Größe \x1b[31m"} for number in range(3)])
    return {name: value for name, value in environ.items() if name not in {"COLUMNS", "NO_COLOR", "TERM"}}


@pytest.mark.parametrize("asked", ["FRONTEGG_CLIENT_ID", "FRONTEGG_SECRET_KEY"])
@pytest.mark.parametrize(
    ("typed", "code", "message"),
    [
        ("\x04\n", 1, "error: nothing was done: the input ended"),
        ("\udcff\n", 2, "error: nothing was done: the typed text is not UTF-8"),
    ],
    ids=["Ctrl-D", "not UTF-8"],
)
def test_an_answer_that_cannot_be_read(
    accounts: Mapping[str, str], asked: str, typed: str, code: int, message: str
) -> None:
    """One line says so, whether what is typed is shown or not."""
    environ = {name: value for name, value in accounts.items() if name != asked} | {"TERM": "dumb"}

    ended, shown = on_a_terminal(["login", "--profile", "new", "--secret-store", "file"], typed=typed, environ=environ)

    assert (ended, shown.splitlines()[-1]) == (code, message)


def test_a_pipe_has_json_lines_and_a_terminal_a_table(accounts: Mapping[str, str]) -> None:
    piped = _run("tenants", "list", environ={**accounts, "LC_ALL": "C"}, command=STARTED)
    assert [json.loads(line)["tenant_id"] for line in piped.stdout.splitlines()] == ["t0", "t1", "t2"]
    assert "Größe" in piped.stdout
    code, shown = on_a_terminal(["tenants", "list"], environ={**accounts, "TERM": "xterm"})
    assert code == 0
    assert "tenant_id" in shown
    assert "\x1b[1m" in shown
    assert "\x1b[31m" not in shown  # of the name: it does nothing to the terminal
    assert r"Größe \x1b[31m" in shown


@pytest.mark.parametrize("variables", [{"NO_COLOR": "1", "TERM": "xterm"}, {"TERM": "dumb"}])
def test_no_colour_where_it_is_not_wanted(accounts: Mapping[str, str], variables: Mapping[str, str]) -> None:
    for arguments in (["tenants", "list"], ["tenants", "get", "nobody"], ["tenants", "delete", "t0", "--yes"]):
        _, shown = on_a_terminal(arguments, environ={**accounts, **variables})
        assert "\x1b[3" not in shown.replace(r"\x1b[31m", "")


def test_a_terminal_of_40_columns(accounts: Mapping[str, str]) -> None:
    code, shown = on_a_terminal(["tenants", "list"], columns=40, environ={**accounts, "TERM": "dumb"})
    assert code == 0
    assert max(map(len, shown.splitlines())) <= 40
    assert all(f"t{number}" in shown for number in range(3))


def test_a_question_has_the_number_and_the_environment(accounts: Mapping[str, str], emulator: EmulatorHandle) -> None:
    variables = {**accounts, "TERM": "dumb", "FRONTEGG_ENVIRONMENT": "Staging"}
    code, shown = on_a_terminal(["tenants", "delete", "t0", "t1"], typed="n\n", environ=variables)
    assert code == 1
    assert "Delete 2 accounts and all their users in Staging? [y/N]" in shown
    assert "nothing was done" in shown
    code, shown = on_a_terminal(["tenants", "delete", "t0", "t1"], typed="y\n", environ=variables)
    assert (code, "deleted 2 of 2" in shown) == (0, True)
    assert [each["tenantId"] for each in emulator.export_seed()["tenants"]] == ["t2"]  # type: ignore[index, union-attr, call-overload]


@pytest.mark.parametrize(("typed", "code"), [("y\n", 1), ("Acme Production\n", 0)])
def test_the_name_of_production_is_typed(accounts: Mapping[str, str], typed: str, code: int) -> None:
    variables = {**accounts, "TERM": "dumb", "FRONTEGG_ENVIRONMENT": "Acme Production"}
    ended, shown = on_a_terminal(["tenants", "delete", "t0"], typed=typed, environ=variables)
    assert ended == code
    assert "which is production" in shown


def test_a_pipe_is_never_asked(accounts: Mapping[str, str]) -> None:
    ran = _run("tenants", "delete", "t0", given="y\n", environ=accounts)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "Delete 1 account and all their users in 127.0.0.1" in ran.stderr
    assert "--yes" in ran.stderr
    for name in ("FRONTEGG_CLIENT_ID", "FRONTEGG_SECRET_KEY"):
        ran = _run("login", given="x\nx\n", environ={key: value for key, value in accounts.items() if key != name})
        assert ran.returncode == 2


def test_a_login_asks_and_does_not_show_the_secret(accounts: Mapping[str, str], emulator: EmulatorHandle) -> None:
    hidden = {"FRONTEGG_CLIENT_ID", "FRONTEGG_SECRET_KEY"}
    variables = {key: value for key, value in accounts.items() if key not in hidden}
    variables |= {"TERM": "dumb", "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"}
    typed = f"{emulator.client_id}\n{emulator.secret}\n"
    code, shown = on_a_terminal(["login", "--profile", "mine"], typed=typed, environ=variables)
    assert code == 0, shown
    assert emulator.secret not in shown
    del variables["FRONTEGG_BASE_URL"]
    assert len(_run("tenants", "list", environ=variables).stdout.splitlines()) == 3


def test_a_closed_pipe_is_no_error(accounts: Mapping[str, str], emulator: EmulatorHandle) -> None:
    emulator.seed(tenants=[{"tenantId": f"many{number}", "name": "x" * 100} for number in range(2000)])
    with subprocess.Popen([*STARTED, "tenants", "list"], stdout=-1, stderr=-1, env=accounts) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


@pytest.mark.parametrize(
    ("number", "code", "start"),
    [
        (signal.SIGINT, 130, ()),
        # A shell starts background processes of a script in this way, so that Ctrl-C does not end them.
        (signal.SIGTERM, -signal.SIGTERM, ("sh", "-c", "trap '' INT; exec \"$@\"", "sh")),
        (signal.SIGHUP, -signal.SIGHUP, ()),
    ],
)
def test_signals_end_a_command_that_cleans_up(
    number: signal.Signals, code: int, start: Sequence[str], accounts: Mapping[str, str], emulator: EmulatorHandle
) -> None:
    emulator.add_fault(stage="accept", action={"type": "delay", "seconds": 60}, match={"path": "/tenants/*"})
    command = [*start, *STARTED, "tenants", "get", "t0", "-v"]
    with subprocess.Popen(command, stdout=-1, stderr=-1, env=accounts) as process:
        assert process.stderr is not None
        while b"(tenants.get)" not in process.stderr.readline():
            pass
        if start:
            process.send_signal(signal.SIGINT)
        process.send_signal(number)
        assert process.stderr.read() == b"interrupted\n"
    assert process.returncode == code


def test_a_version_that_nobody_reads() -> None:
    command = f"{shlex.join(STARTED)} --version >&-"
    ran = subprocess.run(["sh", "-c", command], capture_output=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, b"")


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_streams_that_are_closed(accounts: Mapping[str, str], closed: str) -> None:
    frontegg = shlex.join(STARTED if closed == "<&- >&- 2>&-" else forked())
    command = f"{frontegg} tenants get t0 {closed}"
    ran = subprocess.run(["sh", "-c", command], capture_output=True, env=accounts, check=False)
    assert (ran.returncode, ran.stderr) == (0, b"")
    ran = subprocess.run(["sh", "-c", f"{frontegg} tenants delete t0 {closed}"], env=accounts, check=False)
    assert ran.returncode == 2


def test_ids_of_one_command_are_arguments_of_another(accounts: Mapping[str, str]) -> None:
    ids = _run("tenants", "list", "--output", "id", environ=accounts).stdout
    assert _run("tenants", "lock", "-", given=f"\ufeff{ids}".replace("\n", "\r\n"), environ=accounts).returncode == 0
    assert "nothing to do" in _run("tenants", "lock", "-", given="", environ=accounts).stderr
    locked = _run("tenants", "list", "--fields", "is_locked", "-o", "csv", environ=accounts).stdout
    assert locked == "is_locked\ntrue\ntrue\ntrue\n"


def test_ids_that_are_not_utf_8(accounts: Mapping[str, str]) -> None:
    command = [*forked(), "tenants", "lock", "-"]
    ran = subprocess.run(command, input=b"\xff\n", capture_output=True, env=accounts, check=False)
    assert (ran.returncode, ran.stderr) == (2, b"error: standard input is not UTF-8\n")


def test_a_body_comes_from_standard_input(accounts: Mapping[str, str]) -> None:
    body = json.dumps({"tenantId": "new", "name": "Neu"})
    ran = _run("api", "POST", "/tenants/resources/tenants/v1", "--body", "-", given=body, environ=accounts)
    assert json.loads(ran.stdout)["tenantId"] == "new"


@pytest.mark.parametrize(("arguments", "command"), [(("tenants", "list"), forked), (("--version",), lambda: STARTED)])
def test_a_full_disk_is_told(
    arguments: Sequence[str], command: Callable[[], Sequence[str]], accounts: Mapping[str, str]
) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("there is no /dev/full")
    with Path("/dev/full").open("w") as full:
        ran = subprocess.run(
            [*command(), *arguments],
            stdout=full,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            env=accounts,
            check=False,
        )
    assert (ran.returncode, ran.stderr) == (1, "error: No space left on device\n")
    ran = subprocess.run(
        ["sh", "-c", f"{shlex.join(STARTED)} --version >&-"], capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stderr) == (0, "")


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the system does not say what a process had at most")
def test_a_listing_of_any_length_takes_the_same_memory(accounts: Mapping[str, str], emulator: EmulatorHandle) -> None:
    code = (
        "import sys; from pathlib import Path; from frontegg_async.cli import run; "
        "run(['tenants', 'list', '--output', sys.argv[1]]); "
        "sys.stderr.write(Path('/proc/self/status').read_text().partition('VmHWM:')[2].split()[0])"
    )

    def most(format_: str) -> int:
        command = [sys.executable, "-c", code, format_]
        return int(subprocess.run(command, capture_output=True, text=True, env=accounts, check=True).stderr)

    def seed(first: int, after: int) -> None:
        emulator.seed(tenants=[{"tenantId": f"n{n}", "name": "N", "metadata": {"n": n}} for n in range(first, after)])

    seed(0, 1_000)
    few = [most(format_) for format_ in ("jsonl", "csv")]
    seed(1_000, 15_000)
    many = [most(format_) for format_ in ("jsonl", "csv")]
    assert [after - before for before, after in zip(few, many, strict=True) if after > before + 4_096] == []


def test_the_version_loads_nothing_heavy() -> None:
    code = "import sys; from frontegg_async.cli import run; run(['--version']); print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert {"aiohttp", "asyncio", "attrs", "click", "rich", "keyring", "msgspec"} & set(ran.stdout.split()) == set()


def test_help_loads_no_http() -> None:
    code = "import sys; from frontegg_async.cli import run; run(['--help']); print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert {"aiohttp", "rich", "keyring", "yaml"} & set(ran.stdout.split()) == set()


def test_without_the_extra_one_line_says_so() -> None:
    code = "import sys; sys.modules['click'] = None; from frontegg_async.cli import run; sys.exit(run(['check']))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    line = "frontegg: the command line needs an extra: pip install 'frontegg-async[cli]'\n"
    assert (ran.returncode, ran.stdout, ran.stderr) == (1, "", line)


def test_completion_knows_commands_and_options(accounts: Mapping[str, str]) -> None:
    def complete(words: str, position: int) -> list[str]:
        variables = {"_FRONTEGG_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": str(position)}
        done = _run("completed", environ={**accounts, **variables})  # a shell gives no argument
        assert done.stderr == ""
        return [line.partition(",")[2] for line in done.stdout.splitlines()]

    assert complete("frontegg ten", 1) == ["tenants"]
    assert complete("frontegg tenants unl", 2) == ["unlock"]
    assert "--sort" in complete("frontegg tenants list --s", 3)
    assert complete("frontegg tenents list --s", 3) == []
    _run("login", "--profile", "staging", "--secret-store", "file", environ=accounts)
    assert complete("frontegg profiles use st", 3) == complete("frontegg --profile s", 2) == ["staging"]


@pytest.mark.skipif(os.name != "posix", reason="other systems have no limit of the size of files")
def test_a_secret_that_does_not_fit_on_the_disk(accounts: Mapping[str, str], tmp_path: Path) -> None:
    """The token exists: the result with its id is shown, and the error says that the secret is lost."""
    create = shlex.join([*STARTED, "api-tokens", "create", "t0", "-o", "json", "--secret-out", str(tmp_path / "made")])
    ran = subprocess.run(["sh", "-c", f"ulimit -f 0; {create}"], capture_output=True, env=accounts, check=False)
    assert ran.returncode == 3
    assert b"the secret could not be written to" in ran.stderr
    assert json.loads(ran.stdout)["client_id"]
