"""The applications of accounts by their names, with a request for each application and none for an account."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Final, TypeAlias

import attrs

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.runtime.gathering import gather
from frontegg_async.endpoints import applications as endpoints
from frontegg_async.errors import NotFoundError
from frontegg_async.models.applications import Application
from frontegg_async.options import Options
from frontegg_async.resources.support.read_back import says_absent

_Assigned: TypeAlias = dict[str, tuple[str, ...]]
"""The ids of the applications of each account that has any. Accounts with the same applications share the ids."""

_NONE: Final[tuple[str, ...]] = ()


@attrs.frozen
class Applications:
    """The applications of an environment, and the accounts that they are assigned to.

    The key of an application is its name. It is its id if several applications have the name, or it has none.
    """

    by_name: Mapping[str, str]
    """The ids of the applications by their names, without names that several applications have."""
    repeated: Mapping[str, tuple[str, ...]]
    """The sorted ids of the applications by their names, of names that several applications have."""
    _assigned: _Assigned = attrs.field(alias="assigned", repr=False)
    _keys: Mapping[str, str] = attrs.field(alias="keys", repr=False)
    """The keys of the applications by their ids."""

    def of(self, tenant_id: str) -> list[str]:
        """Return the sorted keys of the applications that are assigned to an account.

        Args:
            tenant_id: The id of the account.
        """
        return sorted(map(self._keys.__getitem__, self.ids_of(tenant_id)))

    def ids_of(self, tenant_id: str) -> tuple[str, ...]:
        """Return the ids of the applications that are assigned to an account.

        Args:
            tenant_id: The id of the account.
        """
        return self._assigned.get(tenant_id, _NONE)


async def read_applications(caller: Caller, options: Options | None) -> Applications:
    """Read the applications of an environment, and the accounts that each is assigned to.

    An application that is deleted meanwhile is left out.

    Args:
        caller: Makes the requests.
        options: How they are made.

    Raises:
        NotFoundError: An application is there, and its accounts are not.
        FronteggError: Any other failure of a request.
    """
    assigned: _Assigned = {}
    listed = {each.id: each for each in await caller.value(endpoints.LIST, options=options)}.values()

    async def read(application: Application) -> bool:
        path = {"app_id": application.id}
        try:
            found = await caller.value(endpoints.TENANTS, path=path, options=options)
        except NotFoundError:
            try:
                await caller.value(endpoints.GET, path=path, options=options)
            except NotFoundError as error:
                if says_absent(error):
                    return False
            raise
        _add(assigned, application.id, found.tenant_ids)
        return True

    is_there = await gather(read, listed)
    return _named([each for each, is_kept in zip(listed, is_there, strict=True) if is_kept], assigned)


def _add(assigned: _Assigned, app_id: str, tenant_ids: Iterable[str]) -> None:
    """Add an application to accounts, with one tuple for all that had the same applications before."""
    extended: dict[tuple[str, ...], tuple[str, ...]] = {}
    for tenant_id in set(tenant_ids):
        before = assigned.get(tenant_id, _NONE)
        assigned[tenant_id] = extended.get(before) or extended.setdefault(before, (*before, app_id))


def _named(applications: Iterable[Application], assigned: _Assigned) -> Applications:
    ids = defaultdict[str, list[str]](list)
    for each in applications:
        ids[each.name].append(each.id)
    by_name = {name: only for name, (only, *others) in ids.items() if name and not others}
    return Applications(
        by_name=by_name,
        repeated={name: tuple(sorted(found)) for name, found in ids.items() if name and len(found) > 1},
        assigned=assigned,
        keys={app_id: name if name in by_name else app_id for name, found in ids.items() for app_id in found},
    )
