"""`Mirror` of the blocking package."""

from __future__ import annotations

from pathlib import Path

import pytest

from frontegg_async.emulator import Emulator
from frontegg_async.errors import ConfigurationError, InvalidArgumentError, MirrorError
from frontegg_sync.mirror import Mirror, MirrorRun
from tests.mirror.test_worker import event


@pytest.mark.slow
def test_a_mirror_without_asyncio(tmp_path: Path) -> None:
    """Each method blocks; the tasks of ``running`` are in the thread of the client."""
    with Emulator() as emulator, emulator.client() as frontegg:
        emulator.seed(tenants=[{"tenantId": "acme", "name": "Acme"}])
        with Mirror(frontegg, f"sqlite:///{tmp_path / 'mirror.db'}", settle=0) as mirror:
            with pytest.raises(MirrorError, match="upgrade"):
                mirror.check()
            mirror.upgrade()
            with mirror.running() as run:
                assert isinstance(run, MirrorRun)
                mirror.receive(event("acme"))
            assert mirror.refresh().accounts == 1
            assert mirror.check().equal
            assert mirror.health().is_equal is True
            assert mirror.export(tmp_path / "accounts.jsonl").accounts == 1
            assert mirror.table("accounts").c.tenant_id is not None
            with pytest.raises(InvalidArgumentError):
                mirror.table("dirty")  # type: ignore[arg-type]  # as a program without types might


def test_it_takes_a_blocking_client(tmp_path: Path) -> None:
    """A client of the other package is refused."""
    with pytest.raises(ConfigurationError, match="frontegg must be a Frontegg of frontegg_sync"):
        Mirror("no client", f"sqlite:///{tmp_path / 'mirror.db'}")  # type: ignore[arg-type]  # likewise
