"""``frontegg.feature_flags``: what is sent, and writes whose responses are lost."""

from __future__ import annotations

from typing import Any, Final

import pytest

from frontegg_async import OutcomeUnknownError
from frontegg_async.emulator import EmulatorHandle
from tests.support.clients import make_client
from tests.support.raw_server import CLOSE, http, raw_server

pytestmark = pytest.mark.anyio

_RULE: Final[Any] = {
    "description": "Germany",
    "conditionLogic": "and",
    "conditions": [{"attribute": "country", "op": "in_list", "value": {"list": ["DE"]}, "negate": False}],
    "treatment": "true",
}
_FLAG: Final[Any] = {"id": "f1", "name": "Beta", "on": False, "feature": {"id": "beta", "key": "beta"}}


def test_what_a_flag_is_made_of_comes_back(frontegg_emulator: EmulatorHandle) -> None:
    """Rules come back as they were sent, metadata as a JSON value, and the feature with its key."""
    with frontegg_emulator.client() as frontegg:
        beta = frontegg.features.create(key="beta", name="Beta")
        made = frontegg.feature_flags.create(feature_id=beta.id, name="Beta", rules=[_RULE], metadata={"a": [1]})
        assert (made.on, made.default_treatment, made.off_treatment) == (True, "false", "false")
        assert (made.rules, made.metadata) == ([_RULE], {"a": [1]})
        assert made.feature is not None
        assert (made.feature.id, made.feature.key, made.feature.name) == (beta.id, "beta", "Beta")
        changed = frontegg.feature_flags.update(made.id, on=False, rules=[], description=None)
        assert (changed.on, changed.rules, changed.metadata) == (False, [], {"a": [1]})


async def test_a_lost_creation_is_not_repeated() -> None:
    """A feature may have several flags, so nothing shows whether one was created."""
    async with raw_server(CLOSE) as server, make_client(server.url) as client:
        with pytest.raises(OutcomeUnknownError) as raised:
            await client.feature_flags.create(feature_id="beta", name="Beta")
    assert raised.value.asked["feature_id"] == "beta"


async def test_a_lost_change_is_read_back() -> None:
    """A flag that is as asked for is not changed again; another one is."""
    async with raw_server(CLOSE, http(200, _FLAG)) as server, make_client(server.url) as client:
        assert (await client.feature_flags.update("f1", on=False)).on is False
    changed = {**_FLAG, "feature": {"id": "reports"}}
    async with (
        raw_server(CLOSE, http(200, _FLAG), http(200, changed)) as server,
        make_client(server.url) as client,
    ):
        found = await client.feature_flags.update("f1", feature_id="reports")
        assert found.feature is not None
        assert found.feature.id == "reports"
        assert len(server.requests) == 3
