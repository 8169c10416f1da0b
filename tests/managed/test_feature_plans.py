"""Feature plans and feature flags, as far as listings may leave out what they refer to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import attrs
import pytest

from frontegg_async import AsyncFrontegg
from frontegg_async._values.json_values import JsonValue
from frontegg_async.errors import GuardShutError
from frontegg_async.managed.feature_flags import FeatureFlags
from frontegg_async.managed.feature_plans import FeaturePlans
from frontegg_async.testing import EmulatorFaults
from tests.managed.account_rows import caller_of

pytestmark = pytest.mark.anyio

PLANS: Final = "/entitlements/resources/plans/v1"
FLAGS: Final = "/entitlements/resources/feature-flags/v1"


@attrs.frozen(kw_only=True)
class _Deletion:
    """The deletion of a plan."""

    key: str
    object_id: str
    creation: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue])
    sets: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue])
    is_deleted: bool = True


@pytest.fixture
async def feature_id(frontegg_client: AsyncFrontegg) -> str:
    """The id of a feature."""
    return (await frontegg_client.features.create(key="reports", name="Reports")).id


def page(*items: dict[str, Any]) -> dict[str, Any]:
    return {"items": [*items], "hasNext": False}


async def test_features_that_a_listing_leaves_out_are_read(
    frontegg_client: AsyncFrontegg, frontegg_faults: EmulatorFaults, feature_id: str
) -> None:
    """With another request for the plan: a plan without features would lose them in another environment."""
    del feature_id
    plan = await frontegg_client.plans.create(name="Pro", feature_keys=["reports"])
    frontegg_faults.status(200, body=page({"id": plan.id, "name": "Pro"}), path=PLANS)
    found = await FeaturePlans().read(caller_of(frontegg_client))
    assert found.found["Pro"].values["features"] == ["reports"]


@pytest.mark.parametrize("has_id", [True, False])
async def test_the_key_of_a_feature_that_a_flag_leaves_out_is_read(
    frontegg_client: AsyncFrontegg, frontegg_faults: EmulatorFaults, feature_id: str, *, has_id: bool
) -> None:
    """It is unknown only if the flag has no feature; metadata may be JSON text."""
    flag: dict[str, Any] = {"id": "1", "name": "Beta", "metadata": '{"a": 1}'}
    more = {"feature": {"id": feature_id}} if has_id else {}
    frontegg_faults.status(200, body=page({**flag, **more}), path=FLAGS)
    beta = (await FeatureFlags().read(caller_of(frontegg_client))).found["Beta"]
    assert beta.values["feature"] == ("reports" if has_id else None)
    assert (beta.values["metadata"], beta.reason_to_stay) == ({"a": 1}, None)


@pytest.mark.parametrize("metadata", ["[1]", "text", "1"])
async def test_metadata_that_are_no_object_keep_a_flag_from_plans(
    frontegg_client: AsyncFrontegg, frontegg_faults: EmulatorFaults, metadata: str
) -> None:
    """A plan could not write a key of them."""
    frontegg_faults.status(200, body=page({"id": "1", "name": "Beta", "metadata": metadata}), path=FLAGS)
    beta = (await FeatureFlags().read(caller_of(frontegg_client))).found["Beta"]
    assert beta.reason_to_stay == "its metadata are no JSON object"


async def test_the_assignments_of_plans_are_counted(frontegg_client: AsyncFrontegg) -> None:
    """Those of users too. Nothing silently deletes a plan that has one."""
    await frontegg_client.tenants.create(tenant_id="acme", name="Acme")
    user = await frontegg_client.users.invite("acme", email="ann@acme.example", send_email=False)
    plans = [await frontegg_client.plans.create(name=name) for name in ("Held", "Free")]
    await frontegg_client.plan_assignments.assign(plans[0].id, tenant_ids=["acme"], user_id=user.id)
    await frontegg_client.plan_assignments.assign(plans[0].id, tenant_ids=["acme"])
    kind, caller = FeaturePlans(), caller_of(frontegg_client)
    assert await kind.count_holders(caller) == {plans[0].id: 2}
    held, free = (_Deletion(key=each.name, object_id=each.id) for each in plans)
    await kind.check_danger(caller, free)
    with pytest.raises(GuardShutError, match="accounts or users have the feature plan 'Held'") as caught:
        await kind.check_danger(caller, held)
    assert caught.value.details.reason == "assigned-plan"
