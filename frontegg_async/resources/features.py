"""``frontegg.features``: the features that plans and feature flags grant."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter
from typing import Final

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.checks import arguments
from frontegg_async._values.unset import UNSET, Unset
from frontegg_async.endpoints import features as endpoints
from frontegg_async.errors import ErrorDetails, InvalidArgumentError, NotFoundError, Outcome
from frontegg_async.models.features import (
    Feature,
    FeatureCreate,
    FeaturePage,
    FeatureSort,
    FeatureSortLiteral,
    FeatureUpdate,
)
from frontegg_async.models.page import Order, OrderLiteral
from frontegg_async.options import Options
from frontegg_async.pages import AsyncPages
from frontegg_async.resources.support.created_by_name import check_names
from frontegg_async.resources.support.creations import Created
from frontegg_async.resources.support.item_listing import ItemListing, filters_of, item_listing
from frontegg_async.resources.support.read_back import Confirmed, shows
from frontegg_async.resources.support.writes import write

_MOST: Final = 100
"""The largest page that the service returns."""


class AsyncFeatures:
    """The features of the environment. A plan is a bundle of features, and a feature flag grants a single feature.

    Every method takes ``options`` (`Options`) and can raise the common errors that `FronteggError` lists.
    """

    __slots__ = ("_caller",)

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def list(
        self,
        *,
        keys: Sequence[str] | None = None,
        feature_ids: Sequence[str] | None = None,
        permission_keys: Sequence[str] | None = None,
        filter: str | None = None,
        sort_by: FeatureSort | FeatureSortLiteral | None = None,
        order: Order | OrderLiteral | None = None,
        page_size: int = 100,
        prefetch: int = 2,
        options: Options | None = None,
    ) -> AsyncPages[Feature]:
        """List the features of the environment.

        ``GET /entitlements/resources/features/v1`` (documented). In Frontegg's own clients, the request parameter
        ``offset`` counts items, not pages.

        Args:
            keys: Only features with these keys, at least one, without commas.
            feature_ids: Only features with these ids, at least one, without commas.
            permission_keys: Only features that have one of these permissions, at least one key, without commas.
            filter: Only features with this text in their name.
            sort_by: The field to sort by: ``createdAt``, the default, ``name`` or ``key``.
            order: ``asc`` or ``desc``.
            page_size: The most features of a request, 1 to 100.
            prefetch: The most pages to request ahead, 0 to 16.

        Returns:
            A listing of the features. The first request is sent when you iterate the listing. Each iteration sends the
            requests again.
        """
        ids = {
            "featureKeys": ("keys", keys),
            "featureIds": ("feature_ids", feature_ids),
            "permissionKeys": ("permission_keys", permission_keys),
        }
        filters = filters_of(
            self._caller, options, text=filter, ids=ids, sort_by=sort_by, order=order, fields=FeatureSort
        )
        listing = ItemListing(self._caller, endpoints.LIST, Feature, filters, page_size, options)
        return item_listing(listing, key=attrgetter("id"), most=_MOST, prefetch=prefetch)

    async def get(self, feature_id: str, *, options: Options | None = None) -> Feature:
        """Get a feature by its id. `list` with ``keys`` finds features by their keys.

        ``GET /entitlements/resources/features/v1`` (documented), with the id as a filter: no operation gets a single
        feature.

        Args:
            feature_id: The id of the feature, 1 to 256 characters without a comma; not the feature's key.

        Returns:
            The feature.

        Raises:
            NotFoundError: There is no such feature.
        """
        found = await self._caller.value(endpoints.LIST, query=_only(feature_id), options=options)
        for feature in found.items:
            if feature.id == feature_id:
                return feature
        details = ErrorDetails(endpoint=endpoints.LIST.name, attempts=1, outcome=Outcome.REFUSED)
        raise NotFoundError(f"there is no feature {feature_id!r}", details)

    async def create(
        self,
        *,
        key: str,
        name: str,
        description: str | None = None,
        permissions: Sequence[str] | None = None,
        options: Options | None = None,
    ) -> Feature:
        """Create a feature. Nobody has the feature until a plan or a feature flag grants it.

        ``POST /entitlements/resources/features/v1`` (documented). The key is unique in the environment. The client
        checks whether a feature has this key before it sends the request, and again after a lost response.

        Args:
            key: The name of the feature in programs, 1 to 256 characters without a comma.
            name: The name that people see, unique in the environment.
            description: The description of the feature.
            permissions: The keys of the permissions that have no effect without this feature, at least one.

        Returns:
            The feature as the service made it.

        Raises:
            BadRequestError: The service refused the feature.
            ConflictError: There is a feature with this key.
            OutcomeUnknownError: The response was lost, so the feature may or may not have been created. The error's
                attribute ``asked`` holds the arguments of the call.
            ResultLostError: The write was done, but its result could not be read. The error's attribute ``asked`` holds
                the arguments of the call.
        """
        arguments.check_ids((key,), "key", of_query=True)
        arguments.check_text(name, "name")
        body = FeatureCreate(
            key=key,
            name=name,
            description=description,
            permissions=None if permissions is None else check_names(permissions, "permissions"),
        )
        reconcile = Created(
            self._caller,
            endpoints.LIST,
            body,
            lambda page: (each for each in page.items if each.key == key),
            lambda feature: feature,
            lambda feature: feature.id,
            query=(("featureKeys", key),),
        )
        return await write(self._caller, endpoints.CREATE, body=body, options=options, reconcile=reconcile)

    async def update(
        self,
        feature_id: str,
        *,
        key: str | Unset = UNSET,
        name: str | Unset = UNSET,
        description: str | None | Unset = UNSET,
        permissions: Sequence[str] | Unset = UNSET,
        options: Options | None = None,
    ) -> None:
        """Change fields of a feature. Omitted fields keep their values.

        ``PATCH /entitlements/resources/features/v1/{id}`` (documented). After a lost response, the client reads the
        feature, and sends the request again only if a field does not have the requested value.

        Args:
            feature_id: The id of the feature, 1 to 256 characters without a comma; not the feature's key.
            key: The name of the feature in programs. The old name no longer works.
            name: The name that people see.
            description: The description of the feature; ``None`` clears it.
            permissions: The keys of the permissions that have no effect without this feature, at least one. These
                permissions replace the old permissions.

        Raises:
            InvalidArgumentError: There is nothing to change; nothing was sent.
            BadRequestError: The service refused the change.
            NotFoundError: There is no such feature.
            ConflictError: Another feature has this key.
            OutcomeUnknownError: The response was lost, so the change may or may not have been made.
        """
        query = _only(feature_id)
        if key is not UNSET:
            arguments.check_ids((key,), "key", of_query=True)
        if name is not UNSET:
            arguments.check_text(name, "name")
        body = FeatureUpdate(
            key=key,
            name=name,
            description="" if description is None else description,
            permissions=UNSET if permissions is UNSET else check_names(permissions, "permissions"),
        )
        if body == FeatureUpdate():
            raise InvalidArgumentError("nothing to change: give at least one of key, name, description and permissions")

        def is_changed(page: FeaturePage) -> bool:
            return any(each.id == feature_id and shows(each, body, is_complete=True) for each in page.items)

        reconcile = Confirmed(self._caller, endpoints.LIST, is_changed, query=query)
        path = {"id": feature_id}
        await self._caller.value(endpoints.UPDATE, path=path, body=body, options=options, reconcile=reconcile)

    async def delete(self, feature_id: str, *, options: Options | None = None) -> None:
        """Delete a feature. It is assumed that plans lose the feature, so nobody has it afterwards.

        ``DELETE /entitlements/resources/features/v1/{id}`` (documented). If a response is lost, the request is sent
        again; a 404 then counts as success, unless the option ``strict_delete`` is set.

        Args:
            feature_id: The id of the feature, 1 to 256 characters without a comma; not the feature's key.

        Raises:
            NotFoundError: There is no such feature.
            OutcomeUnknownError: The response was lost, so the feature may or may not have been deleted.
        """
        query = _only(feature_id)

        def is_gone(page: FeaturePage) -> bool:
            return all(each.id != feature_id for each in page.items)

        reconcile = Confirmed(self._caller, endpoints.LIST, is_gone, query=query)
        await self._caller.value(endpoints.DELETE, path={"id": feature_id}, options=options, reconcile=reconcile)


def _only(feature_id: str) -> tuple[tuple[str, str], ...]:
    arguments.check_ids((feature_id,), "feature_id", of_query=True)
    return (("featureIds", feature_id),)
