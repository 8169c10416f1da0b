"""Links of users: nothing but the response shows them."""

from __future__ import annotations

import json
import logging

import pytest

from frontegg_async import ResultLostError
from frontegg_async.emulator import Emulator

pytestmark = pytest.mark.anyio


async def test_links_are_secrets(caplog: pytest.LogCaptureFixture) -> None:
    """They are in no repr, log, journal or recording."""
    caplog.set_level(logging.DEBUG)
    async with Emulator(journal_bodies=True) as emulator, emulator.client() as frontegg:
        await emulator.seed(
            tenants=[{"tenantId": "acme", "name": "Acme"}],
            users=[{"id": "ann", "email": "ann@acme.example", "tenantId": "acme"}],
        )
        users = frontegg.users
        for made in (await users.generate_activation_link("ann"), await users.generate_password_reset_link("ann")):
            token = made.token.reveal()
            assert token in made.link.reveal()
            journal = await emulator.journal()
            recorded = [await emulator.recorded_exchange(each.trace_id) for each in journal]
            told = (made, made.to_dict(mode="json"), json.loads(made.to_json()), caplog.text, journal, recorded)
            assert token not in repr(told)

        await emulator.set_switch("user_write_body", "empty")
        with pytest.raises(ResultLostError, match="nobody has the link now"):
            await users.generate_activation_link("ann")
