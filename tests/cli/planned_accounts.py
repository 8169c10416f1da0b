"""An environment whose accounts tests plan to change, and a file of changes."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from frontegg_async.emulator.blocking_handle import EmulatorHandle

ACCOUNTS: Final = """\
- tenant_id: acme
  metadata: {plan: pro, seats: 40}
- tenant_id: nova
  name: Nova
"""


def prepare(directory: Path, emulator: EmulatorHandle, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make a directory the current one, with `ACCOUNTS` for the environment Staging of eight accounts."""
    monkeypatch.setenv("FRONTEGG_ENVIRONMENT", "Staging")
    monkeypatch.chdir(directory)
    Path("accounts.yml").write_text(ACCOUNTS, encoding="utf-8")
    emulator.seed(
        tenants=[
            {"tenantId": "acme", "name": "Acme", "metadata": {"plan": "free", "seats": 40}},
            {"tenantId": "north", "name": "North", "isReseller": True},
            {"tenantId": "kiosk", "name": "Kiosk", "parentTenantId": "north"},
            *({"tenantId": f"t{number}", "name": f"T {number}"} for number in range(5)),
        ]
    )
    emulator.clear_journal()


def writes_to(emulator: EmulatorHandle) -> list[str]:
    """Return what was sent that is no GET request, apart from the request for a token."""
    routes = [entry.route or entry.path for entry in emulator.journal() if entry.method != "GET"]
    return [each for each in routes if each != "auth.authenticate"]
