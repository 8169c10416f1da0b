"""The command line: the ready line, signals, and one clear line for every invalid argument."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import urllib.request
from pathlib import Path
from typing import Any

import jwt
import pytest

from frontegg_async import __version__
from frontegg_sync import Frontegg
from tests.emulator.process import ENVIRONMENT, STARTED, EmulatorProcess, run_emulator
from tests.emulator.support import V1, V2
from tests.support.ports import reserved_port
from tests.support.variables import variables

pytestmark = pytest.mark.acceptance


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_ready_line_and_signals(tmp_path: Path, number: int) -> None:
    """One JSON line, the same in the ready file; both signals end it with status 0 and silence."""
    path = tmp_path / "ready.json"
    path.touch(0o644)  # of an earlier start; the line has the secret
    with EmulatorProcess("--ready-file", str(path), command=STARTED) as emulator:
        assert os.name != "posix" or path.stat().st_mode & 0o777 == 0o600
        assert path.read_text() == emulator.line
        assert set(emulator.ready) == {"url", "client_id", "secret", "pid", "version"}
        assert emulator.ready["url"].startswith("http://127.0.0.1:")
        assert emulator.ready["client_id"] == "emu_client"
        assert emulator.ready["secret"] == "emu_secret"
        assert emulator.ready["pid"] == emulator.process.pid
        assert emulator.ready["version"] == __version__
        assert emulator.authenticate().send("GET", V2)["items"] == []
        assert emulator.end(number) == (0, "", "")
        assert list(tmp_path.iterdir()) == [path]


def test_seed_loose_and_limit(tmp_path: Path) -> None:
    """A seed file is there from the start; unknown fields pass when loose; routes are limited when told."""
    seed = tmp_path / "seed.json"
    seed.write_text(json.dumps({"tenants": [{"tenantId": "ä", "name": "Ä"}]}))
    with EmulatorProcess("--seed", str(seed), "--loose", "--rate-limit", "2", "--host", "localhost") as emulator:
        emulator.authenticate()
        assert emulator.send("GET", V2)["items"][0]["tenantId"] == "ä"
        assert emulator.send("POST", V1, {"name": "B", "unknown": 1})["name"] == "B"
        emulator.send("GET", V2)
        assert emulator.send("GET", V2) == 429


def test_ipv6() -> None:
    """The other loopback address is served too, where there is one."""
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        pytest.skip("this machine has no IPv6")
    with EmulatorProcess("--host", "::1") as emulator:
        assert emulator.ready["url"].startswith("http://[::1]:")
        assert emulator.send("GET", "/_emulator/v1/health")["status"] == "ok"


def test_nonloopback_when_allowed() -> None:
    """It listens where it is told to when that is allowed."""
    with EmulatorProcess("--host", "0.0.0.0", "--allow-nonloopback") as emulator:
        assert emulator.ready["url"].startswith("http://0.0.0.0:")


def exports(text: str) -> dict[str, str]:
    """Return the variables of the lines that a shell is given."""
    lines = [line for line in text.splitlines() if line.startswith("export ")]
    command = ["sh", "-c", "\n".join([*lines, "env"])]
    found = subprocess.run(command, env={"PATH": os.environ["PATH"]}, capture_output=True, text=True, check=True)
    return {
        name: value
        for name, _, value in (line.partition("=") for line in found.stdout.splitlines())
        if name.startswith("FRONTEGG_")
    }


def test_a_demonstration(tmp_path: Path) -> None:
    """It has a hierarchy and users who can sign in, and says how to use it; after a restart it is the same once."""
    file = str(tmp_path / "demo.sqlite3")
    with EmulatorProcess("--demo", "--persist", file, "--port", "0") as emulator:
        url = emulator.ready["url"]
        assert set(emulator.ready) == {"url", "client_id", "secret", "pid", "version"}
        body = {"email": "ada@north.example", "password": "emu_password"}
        assert emulator.send("POST", "/identity/resources/auth/v1/user", body)["accessToken"]
        status, out, err = emulator.end(signal.SIGTERM)
        assert (status, out) == (0, "")
        assert "36 tenants and 10 users" in err
        assert f"Dashboard: {url}/_emulator/\n" in err
        exported = exports(err)
        assert exported == {
            "FRONTEGG_BASE_URL": url,
            "FRONTEGG_CLIENT_ID": "emu_client",
            "FRONTEGG_SECRET_KEY": "emu_secret",
        }
    with EmulatorProcess("--demo", "--persist", file) as emulator:
        with variables(exported), Frontegg.from_env(base_url=emulator.ready["url"]) as frontegg:
            assert frontegg.tenants.list().count() == 36
            tree = frontegg.hierarchy.tree("north")
            assert (len(tree), tree.depth) == (12, 2)
            assert frontegg.tenants.get("corner").is_locked
            assert frontegg.tenants.get("kiosk-7").metadata == {"plan": "team", "seats": 4}
            resellers = {each.tenant_id for each in frontegg.tenants.list() if each.is_reseller}
            assert {"north", "north-retail", "atlas", "blue-door"} < resellers
            assert "acme" not in resellers
        assert "the data of --demo is ignored" in emulator.end(signal.SIGTERM)[2]


def test_public_url(monkeypatch: pytest.MonkeyPatch) -> None:
    """Issuer, ready line, dashboard and variables have it, and requests may use its host."""
    monkeypatch.setitem(ENVIRONMENT, "FRONTEGG_EMULATOR_PUBLIC_URL", "http://Emulator:8080")
    with reserved_port() as port, EmulatorProcess("--demo", "--port", str(port)) as emulator:
        assert emulator.ready["url"] == "http://emulator:8080"
        headers = {"Content-Type": "application/json", "Host": "emulator:8080"}
        request = urllib.request.Request(
            f"http://127.0.0.1:{port}/_emulator/v1/user-tokens", b'{"tenantId": "acme"}', headers
        )
        with urllib.request.urlopen(request, timeout=30) as response:
            token = json.load(response)["accessToken"]
        assert jwt.decode(token, options={"verify_signature": False})["iss"] == "http://emulator:8080"
        _, _, err = emulator.end(signal.SIGTERM)
        assert "Dashboard: http://emulator:8080/_emulator/" in err
        assert exports(err)["FRONTEGG_ALLOW_HTTP"] == "1"
    with EmulatorProcess("--public-url", "https://[::1]:1") as emulator:
        assert emulator.ready.keys() == {"url", "client_id", "secret", "pid", "version"}
        assert emulator.ready["url"] == "https://[::1]:1"
        assert emulator.process.stderr is not None
        said, listens_at = emulator.process.stderr.readline().rsplit(maxsplit=1)  # the port is a free one
        assert said == "frontegg emulator: listening at"
        # The dashboard sends this request from a browser behind a TLS proxy.
        headers = {"Content-Type": "application/json", "Origin": "https://[::1]:1"}
        reset = urllib.request.Request(f"{listens_at}/_emulator/v1/reset", b"{}", headers)
        with urllib.request.urlopen(reset, timeout=30) as response:
            assert response.status == 204


def one_line(result: tuple[int, str, str]) -> str:
    status, out, err = result
    assert status != 0
    assert out == ""
    assert err.count("\n") == 1
    assert "Traceback" not in err
    return err


@pytest.mark.parametrize("host", ["0.0.0.0", "8.8.8.8", "example.com", "::"])
def test_nonloopback_hosts(host: str) -> None:
    """They are refused in one line that says what allows them."""
    line = one_line(run_emulator("--host", host))
    assert host in line
    assert "--allow-nonloopback" in line


def test_a_busy_port() -> None:
    """It is said in one line."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        line = one_line(run_emulator("--port", port))
    assert port in line
    assert "in use" in line


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (None, "No such file"),
        ("{", "seed file"),
        ("[" * 100_000, "seed file"),
        ('{"tenants": [{"tenantId": "a"}]}', "name"),
        ('{"tenants": [{"tenantId": "a", "name": "A", "parentTenantId": "x"}]}', "'x'"),
        ('{"users": 1}', "users"),
    ],
)
def test_bad_seed_files(tmp_path: Path, content: str | None, word: str) -> None:
    """They are refused in one line that names file and reason."""
    path = tmp_path / "seed.json"
    if content is not None:
        path.write_text(content)
    line = one_line(run_emulator("--seed", str(path)))
    assert str(path) in line
    assert word in line


@pytest.mark.parametrize("host", ["nosuch.invalid", "a..b", "é" * 70])
def test_hosts_that_are_nowhere(host: str) -> None:
    """They are named in one line, with the reason in words."""
    line = one_line(run_emulator("--host", host, "--allow-nonloopback"))
    assert host in line
    assert "Unknown error" not in line


def test_a_ready_file_that_cannot_be_written(tmp_path: Path) -> None:
    """It is said in one line, also for a path without a name."""
    assert "must be the path of a file" in one_line(run_emulator("--ready-file", ""))
    assert "ready file" in one_line(run_emulator("--ready-file", str(tmp_path / "no" / "ready.json")))


def test_bad_persistence_files(tmp_path: Path) -> None:
    """No database, another program's, a directory, and one that is in use."""
    text = tmp_path / "text.sqlite3"
    text.write_text("no database " * 100)
    assert "damaged" in one_line(run_emulator("--persist", str(text)))
    assert "opened" in one_line(run_emulator("--persist", str(tmp_path / "no" / "file.sqlite3")))
    used = tmp_path / "used.sqlite3"
    with EmulatorProcess("--persist", str(used)):
        assert "in use" in one_line(run_emulator("--persist", str(used)))


@pytest.mark.parametrize(
    "arguments",
    [
        ["--port", "x"],
        ["--port", "70000"],
        ["--rate-limit", "0"],
        ["--nothing"],
        ["--seed", "x.json", "--demo"],
        ["--public-url", "emulator"],
        ["--public-url", "http://emulator/path"],
        ["--public-url", "https://api.frontegg.com"],
        ["--public-url", "http://u@emulator"],
    ],
)
def test_bad_arguments(arguments: list[str]) -> None:
    """The error and where the help is, with status 2."""
    status, out, err = run_emulator(*arguments)
    assert (status, out) == (2, "")
    error, advice = err.splitlines()
    assert error.startswith("error: ")
    assert advice.endswith(" --help' shows how to use the command.")


def test_without_the_extra() -> None:
    """It says in one line what to install."""
    code = (
        "import sys, runpy\n"
        "sys.modules['cryptography'] = None\n"
        "sys.argv[0] = 'emulator'\n"
        "runpy.run_module('frontegg_async.emulator', run_name='__main__')\n"
    )
    assert "pip install 'frontegg-async[emulator]'" in one_line(run_emulator(code=code))


def test_help() -> None:
    """Every option is explained."""
    status, out, _ = run_emulator("--help")
    assert status == 0
    for option in (
        "--host",
        "--port",
        "--seed",
        "--demo",
        "--public-url",
        "--persist",
        "--ready-file",
        "--allow-nonloopback",
        "--loose",
        "--rate-limit",
    ):
        assert option in out


def test_version() -> None:
    """The version is the package's."""
    result: tuple[int, Any, str] = run_emulator("--version")
    assert result[:2] == (0, f"{__version__}\n")
