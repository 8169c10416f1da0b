"""``frontegg.plans``: bundles of features that are assigned to accounts and users."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from operator import attrgetter
from typing import Final

import attrs

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.checks import arguments
from frontegg_async._values.flags import check_flag
from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.unset import UNSET, Unset
from frontegg_async.endpoints import plans as endpoints
from frontegg_async.errors import InvalidArgumentError
from frontegg_async.models.features import Feature
from frontegg_async.models.page import Order, OrderLiteral
from frontegg_async.models.plans import (
    FeaturePlan,
    FeaturePlanCreate,
    FeaturePlanUpdate,
    PlanFeatures,
    PlanSort,
    PlanSortLiteral,
    Treatment,
    TreatmentLiteral,
)
from frontegg_async.options import Options
from frontegg_async.pages import AsyncPages
from frontegg_async.resources.support.created_by_name import check_names
from frontegg_async.resources.support.item_listing import ItemListing, filters_of, item_listing
from frontegg_async.resources.support.read_back import Confirmed, ReadBack, removed, same_json, shows
from frontegg_async.resources.support.targeting import check_rules, check_treatment, metadata_text
from frontegg_async.resources.support.writes import write

_MOST: Final = 10
"""The largest page that the service returns."""
MOST_DAYS: Final = 36_500
"""The longest possible duration, in days, of an assignment that is made at sign-up."""


class AsyncPlans:
    """The plans of the environment: bundles of features that are assigned to accounts and users.

    Every method takes ``options`` (`Options`) and can raise the common errors that `FronteggError` lists.
    """

    __slots__ = ("_caller",)

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def list(
        self,
        *,
        feature_ids: Sequence[str] | None = None,
        tenant_ids: Sequence[str] | None = None,
        user_ids: Sequence[str] | None = None,
        filter: str | None = None,
        sort_by: PlanSort | PlanSortLiteral | None = None,
        order: Order | OrderLiteral | None = None,
        page_size: int = 10,
        prefetch: int = 2,
        options: Options | None = None,
    ) -> AsyncPages[FeaturePlan]:
        """List the plans of the environment.

        ``GET /entitlements/resources/plans/v1`` (documented). In Frontegg's own clients, the request parameter
        ``offset`` counts items, not pages.

        Args:
            feature_ids: Only plans with one of these features, at least one id, without commas.
            tenant_ids: Only plans that one of these tenants has, at least one id, without commas.
            user_ids: Only plans that one of these users has, at least one id, without commas.
            filter: Only plans with this text in their name.
            sort_by: The field to sort by: ``createdAt``, the default, or ``name``.
            order: ``asc`` or ``desc``.
            page_size: The most plans of a request, 1 to 10.
            prefetch: The most pages to request ahead, 0 to 16.

        Returns:
            A listing. The first request is sent when you iterate the listing. Each iteration sends the requests again.
        """
        ids = {
            "featureIds": ("feature_ids", feature_ids),
            "tenantIds": ("tenant_ids", tenant_ids),
            "userIds": ("user_ids", user_ids),
        }
        filters = filters_of(self._caller, options, text=filter, ids=ids, sort_by=sort_by, order=order, fields=PlanSort)
        listing = ItemListing(self._caller, endpoints.LIST, FeaturePlan, filters, page_size, options)
        return item_listing(listing, key=attrgetter("id"), most=_MOST, prefetch=prefetch)

    async def get(self, plan_id: str, *, options: Options | None = None) -> FeaturePlan:
        """Get a plan with its features.

        ``GET /entitlements/resources/plans/v1/{id}`` (documented).

        Args:
            plan_id: The id of the plan, 1 to 256 characters.

        Returns:
            The plan.

        Raises:
            NotFoundError: There is no such plan.
            ResponseMismatchError: The response is about another plan.
        """
        return await self._caller.value(endpoints.GET, path=_path(plan_id), options=options)

    async def create(
        self,
        *,
        name: str,
        feature_keys: Sequence[str] | None = None,
        description: str | None = None,
        default_treatment: Treatment | TreatmentLiteral | None = None,
        rules: Sequence[Mapping[str, JsonValue]] | None = None,
        default_time_limitation: int | None = None,
        assign_on_signup: bool | None = None,
        metadata: JsonValue = None,
        options: Options | None = None,
    ) -> FeaturePlan:
        """Create a plan. The request is never sent twice, since several plans may have the same name.

        ``POST /entitlements/resources/plans/v1`` (documented).

        Args:
            name: The name that people see.
            feature_keys: The keys of the plan's features, at least one.
            description: The description of the plan.
            default_treatment: ``true`` to grant the features of the plan to everybody whom no rule matches; ``false``
                by default.
            rules: The targeting rules in the service's JSON format, in the order of their evaluation.
            default_time_limitation: The duration in days of an assignment that is made at sign-up, 1 to 36,500.
            assign_on_signup: Whether new accounts get the plan.
            metadata: Data of your own: a JSON value, which is sent as JSON text.

        Returns:
            The plan as the service made it.

        Raises:
            BadRequestError: The service refused the plan.
            NotFoundError: There is no feature with one of the keys.
            OutcomeUnknownError: The response was lost, so the plan may or may not have been created. The error's
                attribute ``asked`` holds the arguments of the call.
            ResultLostError: The write was done, but its result could not be read. The error's attribute ``asked`` holds
                the arguments of the call.
        """
        arguments.check_text(name, "name")
        body = FeaturePlanCreate(
            name=name,
            description=description,
            default_treatment=None
            if default_treatment is None
            else check_treatment(default_treatment, "default_treatment"),
            rules=None if rules is None else check_rules(rules),
            feature_keys=None if feature_keys is None else check_names(feature_keys, "feature_keys"),
            default_time_limitation=None if default_time_limitation is None else _days(default_time_limitation),
            assign_on_signup=None if assign_on_signup is None else _flag(assign_on_signup),
            metadata=None if metadata is None else metadata_text(metadata),
        )
        return await write(self._caller, endpoints.CREATE, body=body, options=options)

    async def update(
        self,
        plan_id: str,
        *,
        name: str | Unset = UNSET,
        feature_keys: Sequence[str] | Unset = UNSET,
        description: str | None | Unset = UNSET,
        default_treatment: Treatment | TreatmentLiteral | Unset = UNSET,
        rules: Sequence[Mapping[str, JsonValue]] | Unset = UNSET,
        default_time_limitation: int | Unset = UNSET,
        assign_on_signup: bool | Unset = UNSET,
        metadata: JsonValue | Unset = UNSET,
        options: Options | None = None,
    ) -> FeaturePlan:
        """Change fields of a plan. Omitted fields keep their values.

        ``PATCH /entitlements/resources/plans/v1/{id}`` (documented). After a lost response, the client reads the plan,
        and sends the request again only if a field does not have the requested value.

        Args:
            plan_id: The id of the plan, 1 to 256 characters.
            name: The name that people see.
            feature_keys: The keys of the plan's features, at least one. It is assumed that these features replace the
                present features.
            description: The description of the plan; ``None`` clears it.
            default_treatment: ``true`` to grant the features of the plan to everybody whom no rule matches.
            rules: The targeting rules in the service's JSON format, which replace the old rules. An empty sequence
                removes all rules.
            default_time_limitation: The duration in days of an assignment that is made at sign-up, 1 to 36,500.
            assign_on_signup: Whether new accounts get the plan.
            metadata: A JSON value, which replaces the present value and is sent as JSON text.

        Returns:
            The plan as it is now.

        Raises:
            InvalidArgumentError: There is nothing to change; nothing was sent.
            BadRequestError: The service refused the change.
            NotFoundError: There is no such plan, or no feature with one of the keys.
            OutcomeUnknownError: The response was lost, so the change may or may not have been made.
            ResultLostError: The write was done, but its result could not be read. The error's attribute ``asked`` holds
                the arguments of the call.
        """
        path = _path(plan_id)
        if name is not UNSET:
            arguments.check_text(name, "name")
        body = FeaturePlanUpdate(
            name=name,
            description="" if description is None else description,
            default_treatment=UNSET
            if default_treatment is UNSET
            else check_treatment(default_treatment, "default_treatment"),
            rules=UNSET if rules is UNSET else check_rules(rules),
            feature_keys=UNSET if feature_keys is UNSET else check_names(feature_keys, "feature_keys"),
            default_time_limitation=UNSET if default_time_limitation is UNSET else _days(default_time_limitation),
            assign_on_signup=UNSET if assign_on_signup is UNSET else _flag(assign_on_signup),
            metadata=UNSET if metadata is UNSET else metadata_text(metadata),
        )
        if body == FeaturePlanUpdate():
            raise InvalidArgumentError(
                "nothing to change: give at least one of name, feature_keys, description, default_treatment, "
                "rules, default_time_limitation, assign_on_signup and metadata"
            )
        reconcile = ReadBack(
            self._caller,
            endpoints.GET,
            lambda found: found if _shows(found, body) else None,
            path=path,
            is_of_the_object=True,
        )
        return await write(self._caller, endpoints.UPDATE, path=path, body=body, options=options, reconcile=reconcile)

    async def delete(self, plan_id: str, *, options: Options | None = None) -> None:
        """Delete a plan. It is assumed that the service deletes the assignments of the plan, too.

        ``DELETE /entitlements/resources/plans/v1/{id}`` (documented). If a response is lost, the request is sent
        again; a 404 then counts as success, unless the option ``strict_delete`` is set.

        Args:
            plan_id: The id of the plan, 1 to 256 characters.

        Raises:
            NotFoundError: There is no such plan.
            OutcomeUnknownError: The response was lost, so the plan may or may not have been deleted.
        """
        path = _path(plan_id)
        is_gone = removed(self._caller, endpoints.GET, path)
        await self._caller.value(endpoints.DELETE, path=path, options=options, reconcile=is_gone)

    def list_features(
        self, plan_id: str, *, page_size: int = 10, prefetch: int = 2, options: Options | None = None
    ) -> AsyncPages[Feature]:
        """List the features of a plan.

        ``GET /entitlements/resources/plans/v1/{id}/features`` (documented). In Frontegg's own clients, the request
        parameter ``offset`` counts items, not pages.

        Args:
            plan_id: The id of the plan, 1 to 256 characters.
            page_size: The most features of a request, 1 to 10.
            prefetch: The most pages to request ahead, 0 to 16.

        Returns:
            A listing. The first request is sent when you iterate the listing. Each iteration sends the requests again.
        """
        path = _path(plan_id)
        filters = filters_of(self._caller, options, fields=PlanSort)
        listing = ItemListing(self._caller, endpoints.LIST_FEATURES, Feature, filters, page_size, options, path)
        return item_listing(listing, key=attrgetter("id"), most=_MOST, prefetch=prefetch)

    async def link_features(self, plan_id: str, *, feature_ids: Sequence[str], options: Options | None = None) -> None:
        """Add features to a plan. The plan keeps its other features.

        ``PATCH /entitlements/resources/plans/v1/{id}/features/link`` (documented). After a lost response, the client
        reads the plan, and sends the request again only if a feature is missing.

        Args:
            plan_id: The id of the plan, 1 to 256 characters.
            feature_ids: The ids of the features, at least one; not their keys.

        Raises:
            NotFoundError: There is no such plan or feature.
            OutcomeUnknownError: The response was lost, and the plan could not be read either.
        """
        path, body = _path(plan_id), _features(feature_ids)
        are_linked = Confirmed(
            self._caller, endpoints.GET, lambda found: set(body.features_ids).issubset(_ids_of(found)), path
        )
        await self._caller.value(endpoints.LINK_FEATURES, path=path, body=body, options=options, reconcile=are_linked)

    async def unlink_features(
        self, plan_id: str, *, feature_ids: Sequence[str], options: Options | None = None
    ) -> None:
        """Remove features from a plan. The plan keeps its other features.

        ``PATCH /entitlements/resources/plans/v1/{id}/features/unlink`` (documented). After a lost response, the client
        reads the plan, and sends the request again only if the plan still has one of the features.

        Args:
            plan_id: The id of the plan, 1 to 256 characters.
            feature_ids: The ids of the features, at least one; not their keys.

        Raises:
            NotFoundError: There is no such plan.
            OutcomeUnknownError: The response was lost, and the plan could not be read either.
        """
        path, body = _path(plan_id), _features(feature_ids)
        are_gone = Confirmed(
            self._caller,
            endpoints.GET,
            # A response without features does not show whether the plan has the features.
            lambda found: found.features is not None and _ids_of(found).isdisjoint(body.features_ids),
            path,
        )
        await self._caller.value(endpoints.UNLINK_FEATURES, path=path, body=body, options=options, reconcile=are_gone)


def _path(plan_id: str) -> dict[str, str]:
    arguments.check_id(plan_id, "plan_id")
    return {"id": plan_id}


def _features(feature_ids: Sequence[str]) -> PlanFeatures:
    return PlanFeatures(features_ids=arguments.check_ids(feature_ids, "feature_ids"))


def _ids_of(plan: FeaturePlan) -> frozenset[str]:
    return frozenset(feature.id for feature in plan.features or ())


def _days(value: int) -> int:
    arguments.check_count(value, "default_time_limitation", least=1, most=MOST_DAYS)
    return value


def _flag(value: bool) -> bool:
    return check_flag(value, "assign_on_signup", InvalidArgumentError)


def _shows(found: FeaturePlan, body: FeaturePlanUpdate) -> bool:
    """Return whether a plan has the requested values."""
    plain = attrs.evolve(body, rules=UNSET, feature_keys=UNSET)
    keys = {feature.key for feature in found.features or ()}
    return (
        shows(found, plain)
        and (body.rules is UNSET or same_json(body.rules, found.rules))
        and (body.feature_keys is UNSET or (found.features is not None and keys == set(body.feature_keys)))
    )
