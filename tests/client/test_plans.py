"""``frontegg.plans``: what is sent, and writes whose responses are lost."""

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
_PLAN: Final[Any] = {"id": "p1", "name": "Pro", "assignOnSignup": False, "rules": [_RULE]}


def _with(*feature_ids: str) -> Any:
    """Return a response with a plan that has features."""
    return http(200, {**_PLAN, "features": [{"id": each, "key": each} for each in feature_ids]})


def test_what_a_plan_is_made_of_comes_back(frontegg_emulator: EmulatorHandle) -> None:
    """Features by their keys, rules as they were sent, and metadata as a JSON value."""
    with frontegg_emulator.client() as frontegg:
        frontegg.features.create(key="reports", name="Reports")
        made = frontegg.plans.create(
            name="Pro", feature_keys=["reports"], rules=[_RULE], metadata={"a": [1]}, assign_on_signup=True
        )
        assert [each.key for each in made.features or ()] == ["reports"]
        assert (made.rules, made.metadata, made.assign_on_signup) == ([_RULE], {"a": [1]}, True)
        changed = frontegg.plans.update(made.id, description=None, rules=[], default_time_limitation=30)
        assert (changed.rules, changed.default_time_limitation, changed.metadata) == ([], 30, {"a": [1]})


async def test_a_lost_creation_is_not_repeated() -> None:
    """Several plans may have one name, so nothing shows whether one was created."""
    async with raw_server(CLOSE) as server, make_client(server.url) as client:
        with pytest.raises(OutcomeUnknownError) as raised:
            await client.plans.create(name="Pro")
    assert raised.value.asked == {"name": "Pro"}


async def test_a_lost_change_is_read_back() -> None:
    """The plan has what was asked for: the rules, and the features by their keys."""
    async with raw_server(CLOSE, _with("reports")) as server, make_client(server.url) as client:
        changed = await client.plans.update("p1", name="Pro")
        assert changed.name == "Pro"
    async with raw_server(CLOSE, _with("reports"), _with("beta")) as server, make_client(server.url) as client:
        changed = await client.plans.update("p1", feature_keys=["beta"])
        assert [each.id for each in changed.features or ()] == ["beta"]


async def test_a_lost_link_is_repeated_only_if_the_plan_lacks_a_feature() -> None:
    """The plan tells its features; the request is sent again if one is missing."""
    async with raw_server(CLOSE, _with("beta")) as server, make_client(server.url) as client:
        await client.plans.link_features("p1", feature_ids=["beta"])
    async with raw_server(CLOSE, _with("other"), http(200)) as server, make_client(server.url) as client:
        await client.plans.link_features("p1", feature_ids=["beta"])
        assert len(server.requests) == 3


async def test_a_plan_without_its_features_shows_no_unlink() -> None:
    """A response that has no features says nothing of them: the request is sent again."""
    async with raw_server(CLOSE, http(200, _PLAN), http(200)) as server, make_client(server.url) as client:
        await client.plans.unlink_features("p1", feature_ids=["beta"])
        assert len(server.requests) == 3
    async with raw_server(CLOSE, _with("other")) as server, make_client(server.url) as client:
        await client.plans.unlink_features("p1", feature_ids=["beta"])
