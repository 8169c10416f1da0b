"""Compare people, policies and SSO configurations of accounts with what files name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Final, cast

import attrs

from frontegg_async._core.call.caller import Caller
from frontegg_async._values.json_values import JsonValue
from frontegg_async.endpoints import roles as role_endpoints
from frontegg_async.errors import NotFoundError, PermissionDeniedError
from frontegg_async.managed.kinds import ObjectKind, Objects
from frontegg_async.managed.registry import ACCOUNT
from frontegg_async.plans.candidates import Candidate
from frontegg_async.plans.dangers import dangers_of
from frontegg_async.plans.files.fields import ABSENT
from frontegg_async.plans.object_changes import Values, Wanted, object_change
from frontegg_async.plans.object_checks import object_faults, references_of, unknown_reference
from frontegg_async.plans.plan_file import PlanNote

_UNREADABLE: Final = (PermissionDeniedError, NotFoundError)
_NOTHING: Final = Objects({})


@attrs.define(eq=False)
class AccountParts:
    """Reads the parts of accounts that files name, and compares them.

    Args:
        caller: Makes the requests.
        has_base: Whether there is an original export.
        created_roles: The keys of roles that environment files create.
    """

    caller: Caller
    has_base: bool
    created_roles: frozenset[str] = frozenset()
    notes: list[PlanNote] = attrs.field(factory=list[PlanNote], init=False)
    """The parts that cannot be read."""
    populations: Counter[str] = attrs.field(factory=Counter[str], init=False)
    """How many people and SSO configurations the accounts have, by the names of guards."""
    _roles: frozenset[str] | None = attrs.field(default=None, init=False)

    async def compare(self, candidate: Candidate) -> None:
        """Put the changes of the parts of an account into its candidate.

        Args:
            candidate: The account.

        Raises:
            FronteggError: A request failed.
        """
        own = self.caller.for_tenant(candidate.source.tenant_id)
        for part, kind in ACCOUNT.items():
            if part in candidate.wanted:
                await self._compare_part(candidate, own, kind)
        await self._check_references(candidate, own)
        if candidate.shown is not None:
            dangers = await dangers_of(own, candidate.objects)
            candidate.dangers = dangers.names
            self.populations += dangers.populations

    async def _compare_part(self, candidate: Candidate, own: Caller, kind: ObjectKind) -> None:
        wanted = [*_wanted(kind, candidate)]
        try:
            keys = [each.key for each in wanted]
            objects = _NOTHING if candidate.shown is None else await kind.read(own, keys)
        except _UNREADABLE as error:
            self.notes.append(PlanNote(candidate.source.tenant_id, kind.part, f"not readable ({error.status})"))
            return
        original = _original(candidate.original, kind.part) if self.has_base else None
        for each in wanted:
            before = None if original is None else cast("Values | None", original.get(each.key))
            change = object_change(kind, each, objects.found.get(each.key), before, has_original=original is not None)
            path = (kind.part, each.key)
            change.faults += [((*path, *inner), text) for inner, text in object_faults(change, each, objects)]
            if not change.is_empty:
                candidate.objects.append(change)

    async def _check_references(self, candidate: Candidate, own: Caller) -> None:
        """Add the faults of references to roles that neither the environment nor the account has."""
        for change in candidate.objects:
            for part, key, path in references_of(change):
                known = await self._known_roles()
                if known is None or key in known:
                    continue
                if candidate.shown is not None:
                    known |= {role.key for role in await own.value(role_endpoints.LIST_V1)}
                if key not in known:
                    change.faults.append(((change.kind.part, change.key, *path), unknown_reference(part, key, known)))

    async def _known_roles(self) -> frozenset[str] | None:
        """Return the keys of the roles of the environment; ``None`` if the credential cannot read them."""
        if self._roles is None:
            try:
                found = await self.caller.value(role_endpoints.LIST_V1)
            except _UNREADABLE:
                return None
            self._roles = self.created_roles | {role.key for role in found if role.tenant_id is None}
        return self._roles


def _wanted(kind: ObjectKind, candidate: Candidate) -> list[Wanted]:
    given = cast("Mapping[str, dict[str, JsonValue]]", candidate.wanted[kind.part])
    return [
        Wanted(
            key,
            {name: value for name, value in values.items() if name in kind.fields_of(key)},
            candidate.why,
            is_absent=values.get(ABSENT) is True,
        )
        for key, values in sorted(given.items())
    ]


def _original(row: Mapping[str, JsonValue] | None, part: str) -> Mapping[str, JsonValue] | None:
    """Return the objects of a part in the original export; ``None`` if it does not name the part."""
    return None if row is None or part not in row else cast("Mapping[str, JsonValue]", row[part])
