"""The provider of OpenFeature: flags, contexts and events."""

from __future__ import annotations

import importlib.util
import queue
import sys
from collections.abc import Callable, Iterator
from typing import Any, Final

import pytest
from openfeature import api
from openfeature.client import OpenFeatureClient
from openfeature.evaluation_context import EvaluationContext
from openfeature.event import EventDetails, ProviderEvent
from openfeature.exception import ErrorCode, ProviderNotReadyError
from openfeature.flag_evaluation import Reason
from openfeature.provider import ProviderStatus

import frontegg_sync
from frontegg_async import AsyncEntitlements, AsyncFrontegg
from frontegg_async.emulator import EmulatorHandle
from frontegg_async.errors import MissingExtraError
from frontegg_async.integrations import openfeature as integration
from frontegg_async.integrations.openfeature import FronteggProvider, evaluation_context
from tests.integrations.feature_cases import break_snapshot, seed

NORTH: Final = EvaluationContext(attributes={"tenantId": "north"})
_WAIT: Final = 10


@pytest.fixture
def emulator(frontegg_emulator: EmulatorHandle) -> EmulatorHandle:
    """Return an environment with plans."""
    seed(frontegg_emulator)
    return frontegg_emulator


@pytest.fixture
def flags() -> Iterator[OpenFeatureClient]:
    """Return a client of OpenFeature, whose provider goes with the test."""
    yield api.get_client()
    api.shutdown()


@pytest.fixture
def entitlements(emulator: EmulatorHandle) -> Iterator[frontegg_sync.Entitlements]:
    """Return entitlements that are read again only when a test asks."""
    with emulator.client() as frontegg, frontegg_sync.Entitlements(frontegg) as found:
        yield found


def test_flags_are_features(flags: OpenFeatureClient, entitlements: frontegg_sync.Entitlements) -> None:
    """By account, and by user; the metadata have the reason of a refusal."""
    api.set_provider_and_wait(FronteggProvider(entitlements))
    cases: list[tuple[str | None, str, str, bool, str | None]] = [
        (None, "north", "reports", True, None),
        ("bob", "north", "reports", True, None),
        (None, "south", "reports", False, "bundle_expired"),
        (None, "west", "reports", False, "missing_feature"),
        ("ann", "west", "exports", True, None),
        (None, "north", "unknown", False, "missing_feature"),
    ]
    for user, account, key, wanted, reason in cases:
        context = EvaluationContext(user, {"tenantId": account})
        found = flags.get_boolean_details(key, not wanted, context)
        assert (found.value, found.error_code, found.flag_metadata.get("reason")) == (wanted, None, reason)
        assert found.variant == ("on" if wanted else "off")
        assert found.reason == (Reason.TARGETING_MATCH if wanted else Reason.DEFAULT)


@pytest.mark.anyio
async def test_asyncio(emulator: EmulatorHandle, flags: OpenFeatureClient) -> None:
    """The provider is the same, over the entitlements of asyncio."""
    async with (
        AsyncFrontegg(emulator.client_id, emulator.secret, base_url=emulator.url) as frontegg,
        AsyncEntitlements(frontegg) as entitlements,
    ):
        api.set_provider_and_wait(FronteggProvider(entitlements))
        assert await flags.get_boolean_value_async("reports", False, NORTH) is True
        assert flags.get_boolean_value("exports", True, NORTH) is False
        others: list[Any] = [
            await flags.get_string_details_async("reports", "x", NORTH),
            await flags.get_integer_details_async("reports", 1, NORTH),
            await flags.get_float_details_async("reports", 1.5, NORTH),
            await flags.get_object_details_async("reports", {"a": 1}, NORTH),
        ]
        assert {each.error_code for each in others} == {ErrorCode.TYPE_MISMATCH}
        flags.track("seen", NORTH)


def test_the_claims_of_a_token(
    emulator: EmulatorHandle, flags: OpenFeatureClient, entitlements: frontegg_sync.Entitlements
) -> None:
    """They name the account and the user, and win over attributes of the same names."""
    api.set_provider_and_wait(FronteggProvider(entitlements))
    token = emulator.user_token(tenant_id="west", user_id="ann").access_token
    with frontegg_sync.TokenVerifier(issuer=emulator.url, audience=emulator.client_id) as verifier:
        claims = verifier.verify(token)
    assert flags.get_boolean_value("exports", False, evaluation_context(claims, {"tenantId": "north"})) is True
    of_mapping: Any = {"claims": {"type": "userToken", "sub": "ann", "tenantId": "west"}}
    assert flags.get_boolean_value("exports", False, EvaluationContext("bob", of_mapping)) is True


def test_attributes_are_for_rules(emulator: EmulatorHandle, flags: OpenFeatureClient) -> None:
    """The rule of a plan opens its features by an attribute of the context."""
    condition: dict[str, Any] = {"attribute": "country", "negate": False, "op": "in_list", "value": {"list": ["DE"]}}
    rule: dict[str, Any] = {"conditionLogic": "and", "conditions": [condition], "treatment": "true"}
    with emulator.client() as frontegg:
        frontegg.plans.update("p2", rules=[rule])
        with frontegg_sync.Entitlements(frontegg) as entitlements:
            api.set_provider_and_wait(FronteggProvider(entitlements))
            for country, wanted in (("DE", True), ("FR", False)):
                context = EvaluationContext(attributes={"tenantId": "north", "country": country})
                assert flags.get_boolean_value("exports", not wanted, context) is wanted


@pytest.mark.parametrize(
    "context",
    [
        None,
        EvaluationContext("ann"),
        EvaluationContext("ann", {"tenantId": 7}),
        EvaluationContext("ann", {"tenantId": ""}),
        EvaluationContext("ann", {"tenantId": "west", "claims": "the text of a token"}),
    ],
)
def test_a_context_without_an_account(
    flags: OpenFeatureClient, entitlements: frontegg_sync.Entitlements, context: EvaluationContext | None
) -> None:
    """It is an error, and the caller's default is returned."""
    api.set_provider_and_wait(FronteggProvider(entitlements))
    found = flags.get_boolean_details("reports", False, context)
    assert (found.value, found.error_code) == (False, ErrorCode.INVALID_CONTEXT)


def test_other_types(flags: OpenFeatureClient, entitlements: frontegg_sync.Entitlements) -> None:
    """A feature has no text, number or object."""
    api.set_provider_and_wait(FronteggProvider(entitlements))
    found: list[Any] = [
        flags.get_string_details("reports", "x", NORTH),
        flags.get_integer_details("reports", 1, NORTH),
        flags.get_float_details("reports", 1.5, NORTH),
        flags.get_object_details("reports", {"a": 1}, NORTH),
    ]
    assert [each.value for each in found] == ["x", 1, 1.5, {"a": 1}]
    assert {each.error_code for each in found} == {ErrorCode.TYPE_MISMATCH}


def test_entitlements_that_are_not_open(emulator: EmulatorHandle, flags: OpenFeatureClient) -> None:
    """The provider is in error, and ready when they are opened."""
    events: queue.Queue[EventDetails] = queue.Queue()
    with emulator.client() as frontegg:
        entitlements = frontegg_sync.Entitlements(frontegg)
        with pytest.raises(ProviderNotReadyError):
            api.set_provider_and_wait(FronteggProvider(entitlements))
        found = flags.get_boolean_details("reports", False, NORTH)
        assert (found.value, found.error_code) == (False, ErrorCode.PROVIDER_NOT_READY)
        api.add_handler(ProviderEvent.PROVIDER_READY, events.put)
        with entitlements:
            events.get(timeout=_WAIT)
            assert flags.get_boolean_value("reports", False, NORTH) is True
        assert flags.get_boolean_details("reports", False, NORTH).error_code is ErrorCode.PROVIDER_NOT_READY


@pytest.mark.slow
def test_a_snapshot_that_is_too_old(emulator: EmulatorHandle, flags: OpenFeatureClient) -> None:
    """It is an error, and the caller's default is returned."""
    with (
        emulator.client() as frontegg,
        frontegg_sync.Entitlements(frontegg, refresh=0.1, max_age=0.2) as entitlements,
    ):
        api.set_provider_and_wait(FronteggProvider(entitlements))
        following = _recorded()
        break_snapshot(emulator)
        assert following() == "ready"
        assert {following(), following()} == {"stale", "error"}
        found = flags.get_boolean_details("reports", False, NORTH)
        assert (found.value, found.error_code) == (False, ErrorCode.PROVIDER_NOT_READY)
        assert flags.get_provider_status() is ProviderStatus.ERROR
        with pytest.raises(ProviderNotReadyError):
            api.set_provider_and_wait(FronteggProvider(entitlements))


def _recorded() -> Callable[[], str]:
    """Return a function that waits for the next event, and returns its name."""
    seen: queue.Queue[str] = queue.Queue()

    def add(event: ProviderEvent) -> None:
        api.add_handler(event, lambda _: seen.put(event.value.removeprefix("PROVIDER_").lower()))

    for event in ProviderEvent:
        add(event)
    return lambda: seen.get(timeout=_WAIT)


@pytest.mark.slow
def test_events(emulator: EmulatorHandle, flags: OpenFeatureClient) -> None:
    """A change, an outage and its end; during the outage the last snapshot is used, and marked."""
    with emulator.client() as frontegg, frontegg_sync.Entitlements(frontegg, refresh=0.1) as entitlements:
        api.set_provider_and_wait(FronteggProvider(entitlements))
        following = _recorded()
        assert following() == "ready"
        frontegg.plan_assignments.assign("p2", tenant_ids=["north"])
        assert following() == "configuration_changed"
        assert flags.get_boolean_value("exports", False, NORTH) is True
        break_snapshot(emulator)
        assert following() == "stale"
        found = flags.get_boolean_details("exports", False, NORTH)
        assert (found.value, found.reason) == (True, Reason.STALE)
        emulator.delete_faults()
        assert following() == "ready"
        assert flags.get_boolean_details("exports", False, NORTH).reason is Reason.TARGETING_MATCH


def test_a_provider_that_was_replaced_hears_nothing(
    flags: OpenFeatureClient, entitlements: frontegg_sync.Entitlements
) -> None:
    """Its entitlements stay open."""
    provider = FronteggProvider(entitlements)
    api.set_provider_and_wait(provider)
    api.clear_providers()
    provider.shutdown()
    assert entitlements.decide(tenant_id="north", feature="reports").is_entitled
    assert flags.get_boolean_value("reports", False, NORTH) is False


def test_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """The error says how to install what is missing."""
    monkeypatch.setitem(sys.modules, "openfeature.evaluation_context", None)
    spec = importlib.util.spec_from_file_location("without_openfeature", integration.__file__)
    assert spec is not None
    assert spec.loader is not None
    with pytest.raises(MissingExtraError, match=r"pip install 'frontegg-async\[openfeature\]'"):
        spec.loader.exec_module(importlib.util.module_from_spec(spec))
