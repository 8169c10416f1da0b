"""Compare users, policies and SSO configurations of accounts with files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Final, cast

import attrs

from frontegg_async._core.call.caller import Caller
from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.unset import UNSET, Unset
from frontegg_async.endpoints import roles as role_endpoints
from frontegg_async.managed.kinds import ObjectKind, Objects
from frontegg_async.managed.registry import ACCOUNT
from frontegg_async.managed.values import flattened
from frontegg_async.plans.accounts.candidates import Candidate
from frontegg_async.plans.accounts.dangers import dangers_of
from frontegg_async.plans.accounts.fields import LOCK
from frontegg_async.plans.accounts.shared_values import SharedValues
from frontegg_async.plans.files.fields import ABSENT
from frontegg_async.plans.objects.changes import Values, Wanted, object_change
from frontegg_async.plans.objects.checks import object_faults, references_of, unknown_reference
from frontegg_async.plans.objects.readable import UNREADABLE, WHOLE, read_objects, unreadable
from frontegg_async.plans.objects.references import Path, references
from frontegg_async.plans.plan_file import PlanNote

_ROLES: Final = "roles"
_NOTHING: Final[tuple[Objects, Mapping[str, str]]] = Objects({}), {}
_LOCKED: Final = "the account is locked, so nobody can be invited"


@attrs.define(eq=False)
class AccountParts:
    """Reads the users, policies and SSO configurations of accounts, and compares them with the files.

    A part is the field of an account with one of these kinds of objects. Only parts that the files contain are read.

    Args:
        caller: Sends the requests.
        has_base: Whether the plan has an original export.
        created_roles: The keys of roles that environment files create.
        removed_roles: The keys of roles that the plan deletes or renames.
    """

    caller: Caller
    has_base: bool
    created_roles: frozenset[str] = frozenset()
    removed_roles: frozenset[str] = frozenset()
    notes: list[PlanNote] = attrs.field(factory=list[PlanNote], init=False)
    """The notes about parts that cannot be read, such as the users of an account."""
    populations: Counter[str] = attrs.field(factory=Counter[str], init=False)
    """The number of users or SSO configurations to which each guard applies, by the name of the guard."""
    shared: SharedValues = attrs.field(factory=SharedValues, init=False)
    """The values that are the same in all accounts."""
    _roles: frozenset[str] | Unset | None = attrs.field(default=UNSET, init=False)

    async def compare(self, candidate: Candidate) -> None:
        """Compare the users, policies and SSO configurations of an account, and add the changes to the candidate.

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
            for change, reason in dangers.unknown:
                candidate.objects.remove(change)
                self.notes.append(PlanNote(candidate.source.tenant_id, f"{change.kind.part}.{change.key}", reason))

    async def _compare_part(self, candidate: Candidate, own: Caller, kind: ObjectKind) -> None:
        wanted = [*_wanted(kind, candidate)]
        keys = [each.key for each in wanted]
        objects, reasons = _NOTHING if candidate.shown is None else await read_objects(kind, own, keys)
        for key, reason in reasons.items():
            name = kind.part if key == WHOLE else f"{kind.part}.{key}"
            self.notes.append(PlanNote(candidate.source.tenant_id, name, reason))
        if WHOLE in reasons:
            return
        wanted = [each for each in wanted if each.key not in reasons]
        original = _original(candidate.original, kind.part) if self.has_base else None
        for each in wanted:
            before = None if original is None else cast("Values | None", original.get(each.key))
            shown = objects.found.get(each.key)
            if shown is None or shown.reason_to_stay is None:
                self.shared.add(candidate.source.tenant_id, kind, each, before)
            change = object_change(kind, each, shown, before, has_original=original is not None)
            if candidate.shown is None and not kind.can_create:
                change.before = {}  # the service may fill in settings while it creates the account
            path = (kind.part, each.key)
            change.faults += [((*path, *inner), text) for inner, text in object_faults(change, each, objects)]
            for inner in await self._removed_roles(candidate, own, kind, each):
                text = f"the plan deletes or renames the role {inner[-1]!r}"
                change.faults.append(((*path, *inner), text))
            if change.is_created and kind.sends_emails and _stays_locked(candidate):
                change = attrs.evolve(change, is_created=False, sets={}, reason_to_stay=_LOCKED)
            if not change.is_empty:
                candidate.objects.append(change)

    async def _check_references(self, candidate: Candidate, own: Caller) -> None:
        """Add a fault for each reference to a role that exists neither in the environment nor in the account.

        If roles cannot be read, references to roles are not checked.
        """
        for change in candidate.objects:
            for part, key, path in references_of(change):
                known = await self._known_roles()
                if key in self.removed_roles:
                    continue  # if the account does not have the role, `_removed_roles` has added a fault
                if known is not None and key not in known and candidate.shown is not None:
                    of_account = await self._roles_of(own)
                    known = None if of_account is None else known | of_account
                if known is not None and key not in known:
                    change.faults.append(((change.kind.part, change.key, *path), unknown_reference(part, key, known)))

    async def _removed_roles(self, candidate: Candidate, own: Caller, kind: ObjectKind, each: Wanted) -> list[Path]:
        """Return the paths of a user's roles that the plan deletes or renames."""
        if not self.removed_roles or each.is_absent:
            return []
        fields = kind.fields_of(each.key)
        found = {key: path for _, key, path in references(fields, flattened(fields, each.values))}
        if self.removed_roles.isdisjoint(found):
            return []
        kept = await self._known_roles() or frozenset[str]()
        if candidate.shown is not None:
            kept |= await self._roles_of(own) or frozenset[str]()
        return [path for key, path in found.items() if key in self.removed_roles - kept]

    async def _known_roles(self) -> frozenset[str] | None:
        """Return the keys of the roles of the environment after the plan; ``None`` if they cannot be read."""
        if self._roles is UNSET:
            found = await self._roles_of(self.caller)
            self._roles = None if found is None else found | self.created_roles
        return self._roles

    async def _roles_of(self, caller: Caller) -> frozenset[str] | None:
        """Return the role keys of the environment or an account after the plan; ``None`` if roles cannot be read."""
        try:
            found = await caller.value(role_endpoints.LIST_V1)
        except UNREADABLE as error:
            self.notes.append(PlanNote(_ROLES, "", unreadable(error)))
            return None
        return frozenset(
            role.key
            for role in found
            if (role.tenant_id is None and role.key not in self.removed_roles)
            or (role.tenant_id is not None and role.tenant_id == caller.tenant_id)
        )


def _stays_locked(candidate: Candidate) -> bool:
    """Return whether an account is locked and the row does not unlock it."""
    is_locked = candidate.shown is not None and candidate.shown.get(LOCK) is True
    return is_locked and candidate.wanted.get(LOCK) is not False


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
    """Return the objects of a part in the original export, such as ``users``; ``None`` if the part is missing."""
    return None if row is None or part not in row else cast("Mapping[str, JsonValue]", row[part])
