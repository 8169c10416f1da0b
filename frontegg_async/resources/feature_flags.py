"""``frontegg.feature_flags``: rules that grant a feature without an assignment of a plan."""

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
from frontegg_async.endpoints import feature_flags as endpoints
from frontegg_async.errors import InvalidArgumentError
from frontegg_async.models.feature_flags import (
    FeatureFlag,
    FeatureFlagCreate,
    FeatureFlagSort,
    FeatureFlagSortLiteral,
    FeatureFlagUpdate,
)
from frontegg_async.models.page import Order, OrderLiteral
from frontegg_async.models.plans import Treatment, TreatmentLiteral
from frontegg_async.options import Options
from frontegg_async.pages import AsyncPages
from frontegg_async.resources.support.item_listing import ItemListing, filters_of, item_listing
from frontegg_async.resources.support.read_back import ReadBack, removed, same_json, shows
from frontegg_async.resources.support.targeting import check_rules, check_treatment, metadata_text
from frontegg_async.resources.support.writes import write

_MOST: Final = 10
"""The largest page size that the service is known to accept, which is also its default."""


class AsyncFeatureFlags:
    """The feature flags of the environment. A flag decides on one feature for users who have no plan with the feature.

    Every method takes ``options`` (`Options`) and can raise the common errors that `FronteggError` lists.
    """

    __slots__ = ("_caller",)

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def list(
        self,
        *,
        filter: str | None = None,
        sort_by: FeatureFlagSort | FeatureFlagSortLiteral | None = None,
        order: Order | OrderLiteral | None = None,
        page_size: int = 10,
        prefetch: int = 2,
        options: Options | None = None,
    ) -> AsyncPages[FeatureFlag]:
        """List the feature flags of the environment.

        ``GET /entitlements/resources/feature-flags/v1`` (documented). It is assumed that the request parameter
        ``offset`` counts items, not pages, as in other listings of the service.

        Args:
            filter: Only feature flags with this text in their name.
            sort_by: The field to sort by: ``createdAt``, the default, or ``name``.
            order: ``asc`` or ``desc``.
            page_size: The most feature flags of a request, 1 to 10.
            prefetch: The most pages to request ahead, 0 to 16.

        Returns:
            A listing of the feature flags. The first request is sent when you iterate the listing. Each iteration sends
            the requests again.
        """
        filters = filters_of(self._caller, options, text=filter, sort_by=sort_by, order=order, fields=FeatureFlagSort)
        listing = ItemListing(self._caller, endpoints.LIST, FeatureFlag, filters, page_size, options)
        return item_listing(listing, key=attrgetter("id"), most=_MOST, prefetch=prefetch)

    async def get(self, flag_id: str, *, options: Options | None = None) -> FeatureFlag:
        """Get a feature flag.

        ``GET /entitlements/resources/feature-flags/v1/{id}`` (documented).

        Args:
            flag_id: The id of the feature flag, 1 to 256 characters; not the key of its feature.

        Returns:
            The feature flag.

        Raises:
            NotFoundError: There is no such feature flag.
            ResponseMismatchError: The response is about another feature flag.
        """
        return await self._caller.value(endpoints.GET, path=_path(flag_id), options=options)

    async def create(
        self,
        *,
        feature_id: str,
        name: str,
        on: bool = True,
        default_treatment: Treatment | TreatmentLiteral = Treatment.FALSE,
        off_treatment: Treatment | TreatmentLiteral = Treatment.FALSE,
        rules: Sequence[Mapping[str, JsonValue]] | None = None,
        description: str | None = None,
        metadata: JsonValue = None,
        options: Options | None = None,
    ) -> FeatureFlag:
        """Create a feature flag. The request is never sent twice, since a feature may have several flags.

        ``POST /entitlements/resources/feature-flags/v1`` (documented).

        Args:
            feature_id: The id of the feature that the flag grants, not the feature's key.
            name: The name that people see.
            on: Whether the rules of the flag apply. While the flag is off, everybody gets ``off_treatment``.
            default_treatment: ``true`` to grant the feature to everybody whom no rule matches.
            off_treatment: ``true`` to grant the feature to everybody while the flag is off.
            rules: The targeting rules in the service's JSON format, in the order of their evaluation.
            description: The description of the flag.
            metadata: Data of your own: a JSON value, which is sent as JSON text.

        Returns:
            The feature flag as the service made it.

        Raises:
            BadRequestError: The service refused the feature flag.
            NotFoundError: There is no such feature.
            OutcomeUnknownError: The response was lost, so the feature flag may or may not have been created. The
                error's attribute ``asked`` holds the arguments of the call.
            ResultLostError: The write was done, but its result could not be read. The error's attribute ``asked`` holds
                the arguments of the call.
        """
        arguments.check_id(feature_id, "feature_id")
        arguments.check_text(name, "name")
        body = FeatureFlagCreate(
            name=name,
            on=_flag(on),
            off_treatment=check_treatment(off_treatment, "off_treatment"),
            default_treatment=check_treatment(default_treatment, "default_treatment"),
            feature_id=feature_id,
            description=description,
            rules=None if rules is None else check_rules(rules),
            metadata=None if metadata is None else metadata_text(metadata),
        )
        return await write(self._caller, endpoints.CREATE, body=body, options=options)

    async def update(
        self,
        flag_id: str,
        *,
        name: str | Unset = UNSET,
        on: bool | Unset = UNSET,
        default_treatment: Treatment | TreatmentLiteral | Unset = UNSET,
        off_treatment: Treatment | TreatmentLiteral | Unset = UNSET,
        rules: Sequence[Mapping[str, JsonValue]] | Unset = UNSET,
        feature_id: str | Unset = UNSET,
        description: str | None | Unset = UNSET,
        metadata: JsonValue | Unset = UNSET,
        options: Options | None = None,
    ) -> FeatureFlag:
        """Change fields of a feature flag. Omitted fields keep their values.

        ``PATCH /entitlements/resources/feature-flags/v1/{id}`` (documented). After a lost response, the client reads
        the feature flag, and sends the request again only if a field does not have the requested value.

        Args:
            flag_id: The id of the feature flag, 1 to 256 characters; not the key of its feature.
            name: The name that people see.
            on: Whether the rules of the flag apply. While the flag is off, everybody gets ``off_treatment``.
            default_treatment: ``true`` to grant the feature to everybody whom no rule matches.
            off_treatment: ``true`` to grant the feature to everybody while the flag is off.
            rules: The targeting rules in the service's JSON format, which replace the old rules. An empty sequence
                removes all rules.
            feature_id: The id of the feature that the flag grants instead of the present feature.
            description: The description of the flag; ``None`` clears it.
            metadata: A JSON value, which replaces the old value and is sent as JSON text.

        Returns:
            The feature flag as it is now.

        Raises:
            InvalidArgumentError: There is nothing to change; nothing was sent.
            BadRequestError: The service refused the change.
            NotFoundError: There is no such feature flag or feature.
            OutcomeUnknownError: The response was lost, so the change may or may not have been made.
            ResultLostError: The write was done, but its result could not be read. The error's attribute ``asked`` holds
                the arguments of the call.
        """
        path = _path(flag_id)
        if name is not UNSET:
            arguments.check_text(name, "name")
        if feature_id is not UNSET:
            arguments.check_id(feature_id, "feature_id")
        body = FeatureFlagUpdate(
            name=name,
            on=UNSET if on is UNSET else _flag(on),
            off_treatment=UNSET if off_treatment is UNSET else check_treatment(off_treatment, "off_treatment"),
            default_treatment=(
                UNSET if default_treatment is UNSET else check_treatment(default_treatment, "default_treatment")
            ),
            feature_id=feature_id,
            description="" if description is None else description,
            rules=UNSET if rules is UNSET else check_rules(rules),
            metadata=UNSET if metadata is UNSET else metadata_text(metadata),
        )
        if body == FeatureFlagUpdate():
            raise InvalidArgumentError(
                "nothing to change: give at least one of name, on, default_treatment, off_treatment, rules, "
                "feature_id, description and metadata"
            )
        reconcile = ReadBack(
            self._caller,
            endpoints.GET,
            lambda found: found if _shows(found, body) else None,
            path=path,
            is_of_the_object=True,
        )
        return await write(self._caller, endpoints.UPDATE, path=path, body=body, options=options, reconcile=reconcile)

    async def delete(self, flag_id: str, *, options: Options | None = None) -> None:
        """Delete a feature flag. The feature stays. Afterwards only plans grant the feature.

        ``DELETE /entitlements/resources/feature-flags/v1/{id}`` (documented). If a response is lost, the request is
        sent again; a 404 then counts as success, unless the option ``strict_delete`` is set.

        Args:
            flag_id: The id of the feature flag, 1 to 256 characters; not the key of its feature.

        Raises:
            NotFoundError: There is no such feature flag.
            OutcomeUnknownError: The response was lost, so the feature flag may or may not have been deleted.
        """
        path = _path(flag_id)
        is_gone = removed(self._caller, endpoints.GET, path)
        await self._caller.value(endpoints.DELETE, path=path, options=options, reconcile=is_gone)


def _path(flag_id: str) -> dict[str, str]:
    arguments.check_id(flag_id, "flag_id")
    return {"id": flag_id}


def _flag(value: bool) -> bool:
    return check_flag(value, "on", InvalidArgumentError)


def _shows(found: FeatureFlag, body: FeatureFlagUpdate) -> bool:
    """Return whether a feature flag has the requested values."""
    plain = attrs.evolve(body, rules=UNSET, feature_id=UNSET)
    return (
        shows(found, plain)
        and (body.rules is UNSET or same_json(body.rules, found.rules))
        and (body.feature_id is UNSET or (found.feature is not None and found.feature.id == body.feature_id))
    )
