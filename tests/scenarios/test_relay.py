"""The relay before the service records which process sent which request on which connection."""

from __future__ import annotations

import pytest

from frontegg_async import AsyncFrontegg, Options
from frontegg_async.emulator import Emulator
from tests.acceptance.scenarios.relay import PROCESS_HEADER, Relay


@pytest.mark.anyio
async def test_the_processes_of_calls_are_recorded() -> None:
    """A connection that two processes use is reported as shared; that of one process is not."""
    async with Emulator() as emulator:
        port = int(emulator.url.rpartition(":")[2])
        async with Relay(port) as relay:
            for senders in ((11, 12), (13,)):
                async with AsyncFrontegg(emulator.client_id, emulator.secret, base_url=relay.url) as frontegg:
                    for sender in senders:
                        options = Options(headers={PROCESS_HEADER: str(sender)})
                        assert await frontegg.tenants.list(options=options).count() == 0
    assert dict(relay.senders) == {0: {11, 12}, 1: {13}}
    assert relay.shared == {0: {11, 12}}
    assert relay.last[0] < relay.last[1]
