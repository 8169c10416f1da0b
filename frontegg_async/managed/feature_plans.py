"""Managed feature plans, with their names as keys. Frontegg calls them plans."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Any, ClassVar, Final, cast

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.checks import arguments
from frontegg_async._core.runtime.gathering import gather
from frontegg_async._values.json_values import JsonValue
from frontegg_async.endpoints import Endpoint
from frontegg_async.endpoints import plans as endpoints
from frontegg_async.errors import ErrorDetails, GuardShutError, Outcome
from frontegg_async.managed.assigned_plans import read_assigned_plans
from frontegg_async.managed.features import Features
from frontegg_async.managed.fields import Field, Shape, by_name
from frontegg_async.managed.kinds import ManagedObject, ObjectKind, Objects, by_key
from frontegg_async.managed.metadata import FIELD, METADATA, shown_metadata, with_metadata
from frontegg_async.managed.object_write import ObjectWrite
from frontegg_async.managed.targeting_rules import RULES_FIELD, treatment_field, with_rules
from frontegg_async.managed.values import ObjectChanges, values_of
from frontegg_async.models.features import Feature
from frontegg_async.models.model import Model
from frontegg_async.models.plans import FeaturePlan
from frontegg_async.resources.plan_assignments import AsyncPlanAssignments
from frontegg_async.resources.plans import MOST_DAYS, AsyncPlans

ASSIGNED_PLAN: Final = "assigned-plan"
"""The guard against the deletion of feature plans that accounts or users have."""
_FEATURES: Final = Features.part


class FeaturePlans(ObjectKind):
    """The feature plans of the environment: bundles of features that accounts and users have."""

    part: ClassVar[str] = "plans"
    noun: ClassVar[str] = "feature plan"
    model: ClassVar[type[Model]] = FeaturePlan
    endpoints: ClassVar[tuple[Endpoint[object], ...]] = (
        endpoints.UPDATE,
        endpoints.CREATE,
        endpoints.LINK_FEATURES,
        endpoints.UNLINK_FEATURES,
        endpoints.DELETE,
    )
    key_field: ClassVar[str] = "name"
    fields: ClassVar[Mapping[str, Field]] = by_name(
        Field("name", check=arguments.check_text),
        Field("description", is_nullable=True),
        Field(_FEATURES, Shape.MEMBERS, refers_to=Features.part),
        treatment_field("default_treatment"),
        RULES_FIELD,
        Field("default_time_limitation", Shape.NUMBER, limits=(1, MOST_DAYS)),
        Field("assign_on_signup", Shape.FLAG),
        FIELD,
    )

    async def read(self, caller: Caller, keys: Collection[str] | None = None) -> Objects:
        """Return the plans, with the keys of their features."""
        del keys
        plans = AsyncPlans(caller)

        async def read(plan: FeaturePlan) -> ManagedObject:
            return _object(plan, await _features(plans, plan))

        return by_key(await gather(read, await plans.list().all()))

    async def count_holders(self, caller: Caller) -> Mapping[str, int]:
        """Return the number of assignments of each plan, including assignments to users and assignments with an end."""
        return Counter(each.plan_id for each in await read_assigned_plans(caller))

    async def check_danger(self, caller: Caller, written: ObjectWrite) -> None:
        """Refuse to delete a plan that accounts or users have."""
        if written.is_deleted and await AsyncPlanAssignments(caller).list(plan_ids=[written.object_id]).first():
            message = f"accounts or users have the {self.noun} {written.key!r}, so its deletion needs to be allowed"
            raise GuardShutError(message, ErrorDetails(reason=ASSIGNED_PLAN, outcome=Outcome.NOT_SENT))

    async def create(self, caller: Caller, key: str, values: ObjectChanges, *, send_email: bool) -> None:
        """Create a plan with its features. No account has the new plan."""
        del send_email
        keys = values.added(_FEATURES) or None
        sent = await with_metadata(values, values.plain())
        await AsyncPlans(caller).create(name=key, feature_keys=keys, **cast("Any", sent))

    async def update(self, caller: Caller, key: str, object_id: str, changes: ObjectChanges) -> None:
        """Change fields of a plan, or its features. Other features stay unchanged."""
        del key
        plans = AsyncPlans(caller)

        async def read() -> JsonValue:
            return (await plans.get(object_id)).metadata

        sent = await with_metadata(changes, changes.plain(), read)
        if sent:
            await plans.update(object_id, **cast("Any", sent))
        if changes.members(_FEATURES):
            features = await Features().read(caller)
            for feature_keys, write in (
                (changes.added(_FEATURES), plans.link_features),
                (changes.removed(_FEATURES), plans.unlink_features),
            ):
                if feature_keys:
                    ids = [features.id_of(each, Features.noun) for each in feature_keys]
                    await write(object_id, feature_ids=ids)

    async def delete(self, caller: Caller, key: str, object_id: str) -> None:
        """Delete a plan. Accounts lose the plan."""
        del key
        await AsyncPlans(caller).delete(object_id)


async def _features(plans: AsyncPlans, plan: FeaturePlan) -> Sequence[Feature]:
    """Return the features of a plan. A listing may omit the features."""
    return await plans.list_features(plan.id).all() if plan.features is None else plan.features


def _object(plan: FeaturePlan, features: Sequence[Feature]) -> ManagedObject:
    metadata, reason_to_stay = shown_metadata(plan.metadata)
    values = with_rules(values_of(plan, {name: FeaturePlans.fields[name] for name in _PLAIN}))
    keys = cast("JsonValue", sorted({each.key for each in features}))
    return ManagedObject(
        plan.name,
        plan.id,
        {**values, _FEATURES: keys, METADATA: metadata},
        reason_to_stay=reason_to_stay,
    )


_PLAIN: Final = FeaturePlans.fields.keys() - {_FEATURES, METADATA}
