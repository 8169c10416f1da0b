"""The pytest plugin, as a user's own tests would use it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from frontegg_async import AsyncFrontegg
from frontegg_async.emulator.blocking import EmulatorHandle
from frontegg_sync import Frontegg

pytestmark = pytest.mark.process


@pytest.mark.anyio
async def test_the_client_awaits_its_own_environment(
    frontegg_client: AsyncFrontegg, frontegg_emulator: EmulatorHandle
) -> None:
    """What the client makes is in the environment that the test sees."""
    made = await frontegg_client.tenants.create(name="n")
    snapshot = frontegg_emulator.snapshot()
    assert made.tenant_id in str(snapshot)


@pytest.mark.parametrize("number", [1, 2])
def test_each_test_has_an_empty_environment(frontegg_sync_client: Frontegg, number: int) -> None:
    """Nothing is left of the test before."""
    assert frontegg_sync_client.tenants.list().count() == 0
    frontegg_sync_client.tenants.create(tenant_id="same", name=f"n{number}")
    assert frontegg_sync_client.tenants.list().count() == 1


def test_the_plugin_is_found_by_its_entry_point(tmp_path: Path) -> None:
    """A project that only installs the package has the fixtures."""
    listing = subprocess.run(
        [sys.executable, "-m", "pytest", "--fixtures", "-q"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    for fixture in ("frontegg_emulator", "frontegg_client", "frontegg_sync_client"):
        assert f"{fixture} -- " in listing.stdout
