"""The example site under real servers: gunicorn with threads and ``--preload``, and uvicorn."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from frontegg_async.emulator import EmulatorHandle
from tests.integrations.django.servers import SITE, RunningSite, environment, served

pytestmark = pytest.mark.each_python

_NOISE = ("Traceback", "Warning", "unclosed", "Unclosed", "never awaited", "ERROR", "CRITICAL")
_PERMISSIONS = ["customers.*", "fe.account-hierarchy.read.*"]


@pytest.fixture
def emulator(frontegg_emulator: EmulatorHandle) -> EmulatorHandle:
    """An environment with some customers."""
    frontegg_emulator.seed(
        tenants=[
            {"tenantId": "north", "name": "North"},
            *({"tenantId": f"kiosk-{each}", "name": f"Kiosk {each}", "parentTenantId": "north"} for each in range(20)),
        ],
        users=[{"id": "ann", "email": "ann@north.example", "tenantId": "north"}],
    )
    frontegg_emulator.seed(
        {
            "tables": {
                "features": [{"id": "f-reports", "key": "reports"}],
                "plans": [{"id": "team", "name": "Team", "featureIds": ["f-reports"]}],
                "planAssignments": [{"id": "a-1", "planId": "team", "tenantId": "north"}],
            }
        }
    )
    return frontegg_emulator


def _use(site: RunningSite, emulator: EmulatorHandle) -> None:
    """Request each kind of view concurrently: pages, plain and async, with and without tokens."""
    good = emulator.user_token(tenant_id="north", user_id="ann", permissions=_PERMISSIONS).access_token
    other = emulator.create_environment()
    other.seed(tenants=[{"tenantId": "south", "name": "South"}])
    foreign = other.user_token(tenant_id="south", permissions=["*"]).access_token
    asked = [
        ("/", None, 200),
        ("/customers/north/", None, 200),
        ("/customers/nobody/", None, 404),
        ("/api/me/", good, 200),
        ("/api/me/", foreign, 401),
        ("/api/customers/", good, 200),
        ("/api/customers/", None, 401),
        ("/api/report/", good, 200),
        ("/api/features/", good, 200),
    ] * 6
    with ThreadPoolExecutor(8) as threads:
        responses = list(threads.map(lambda each: site.get(each[0], each[1]), asked))

    assert [response.status for response in responses] == [status for _, _, status in asked]
    assert "Kiosk 7" in responses[0].text
    assert responses[1].text.count("Kiosk") == 20
    assert json.loads(responses[3].text)["user"] == "ann"
    assert len(json.loads(responses[5].text)["customers"]) == 20
    assert json.loads(responses[7].text) == {"sub-accounts": 20}


def _noise(site: RunningSite) -> list[str]:
    return [line for line in site.written.splitlines() if any(word in line for word in _NOISE)]


def test_gunicorn_with_threads_and_preload(emulator: EmulatorHandle) -> None:
    """Two workers serve with what the master loaded and used, and stop silently; each fetches few tokens."""
    options = ("--bind=fd://FD", "--preload", "--workers=2", "--worker-class=gthread", "--threads=4")
    with served(emulator, "gunicorn", f"{__package__}.preloaded", *options, "--log-level=warning") as site:
        _use(site, emulator)

    assert _noise(site) == [], site.written
    fetched = [entry.route for entry in emulator.journal()].count("auth.authenticate")
    # Each worker has one token for its plain views, and one for each loop of concurrent async views; so has
    # the master.
    assert 2 < fetched <= 2 + 2 * (1 + 4)


def test_uvicorn(emulator: EmulatorHandle) -> None:
    """One client in one loop serves async views; plain views run in threads with the blocking client."""
    options = ("backoffice.asgi:application", "--fd=FD", "--lifespan=off", "--log-level=warning")
    with served(emulator, "uvicorn", *options) as site:
        _use(site, emulator)

    assert _noise(site) == [], site.written
    assert [entry.route for entry in emulator.journal()].count("auth.authenticate") == 2


def test_the_commands_of_the_example(emulator: EmulatorHandle, tmp_path: Path) -> None:
    """From any directory, the site's own tests and checks pass; the deployment check reports the emulator."""

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-W", "error", str(SITE / "manage.py"), *words]
        return subprocess.run(
            command, cwd=tmp_path, env=environment(emulator), capture_output=True, encoding="utf-8", check=False
        )

    with ThreadPoolExecutor(3) as threads:
        tested, checked, drawn = threads.map(
            lambda words: run(*words), (("test",), ("check", "--deploy"), ("frontegg_tree", "north"))
        )
    assert (tested.returncode, tested.stderr.splitlines()[-1]) == (0, "OK")
    assert re.search(r"^Ran \d+ tests", tested.stderr, re.MULTILINE)
    assert "frontegg.W001" in checked.stderr
    assert drawn.stdout.splitlines()[0] == "North (north)"
