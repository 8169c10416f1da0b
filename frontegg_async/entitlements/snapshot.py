"""A snapshot of the entitlements of an environment, compiled for decisions."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, Generic, NamedTuple, TypeVar

import attrs
import msgspec

from frontegg_async._core.codec.large_bodies import pieces
from frontegg_async._values.entitlement_rules import Compiler, Treatments
from frontegg_async._values.javascript_values import as_time
from frontegg_async._values.json_values import decode_with_halves
from frontegg_async.entitlements.decisions import Decision, DecisionReason
from frontegg_async.entitlements.subject import Subject

T = TypeVar("T")

_ENTITLED: Final = Decision(True)
_REFUSED: Final = {reason: Decision(False, reason) for reason in DecisionReason}
_MISSING: Final = _REFUSED[DecisionReason.MISSING_FEATURE]
_EXPIRED: Final = _REFUSED[DecisionReason.BUNDLE_EXPIRED]


class _Feature(msgspec.Struct, array_like=True):
    id: str
    key: str
    permissions: list[str] | None = None


class _Bundle(msgspec.Struct, array_like=True):
    id: str
    features: list[str] | None = None
    default: Any = None
    rules: Any = None


class _Assignment(msgspec.Struct, array_like=True, gc=False):
    bundle: str
    tenant_id: str
    user_id: str | None = None
    expires: Any = None


class _Flag(msgspec.Struct, array_like=True):
    feature: str
    is_on: Any = None
    kind: Any = None
    default: Any = None
    off: Any = None
    rules: Any = None


class _Data(msgspec.Struct, Generic[T]):
    features: T
    featureBundles: T  # noqa: N815 - as the service calls it
    entitlements: T
    featureFlags: T  # noqa: N815 - as the service calls it


class _Body(msgspec.Struct, Generic[T]):
    data: _Data[T]
    snapshotOffset: Any = None  # noqa: N815 - as the service calls it


class Grant(NamedTuple):
    """The assignment of a plan to an account or a user."""

    features: frozenset[str]
    """The keys of the features of the plan."""
    expires: int | None
    """The end of the assignment, in milliseconds since 1970. ``None`` if the assignment does not end."""


@attrs.frozen
class Feature:
    """The flags and plans that can grant a feature by targeting rules, without an assignment."""

    flags: Sequence[Treatments]
    """The rules of each flag of the feature."""
    plans: Sequence[Treatments]
    """The rules of each plan with the feature."""


@attrs.frozen
class Snapshot:
    """The entitlements of an environment. A snapshot never changes."""

    offset: object
    """The service's identifier of this snapshot."""
    features: Mapping[str, Feature]
    """The features, by key."""
    linked: Mapping[str, Sequence[str]]
    """The keys of the features that contain a permission, by permission."""
    of_tenants: Mapping[str, Sequence[Grant]]
    """The plans that are assigned to accounts, by account id."""
    of_users: Mapping[tuple[str, str], Sequence[Grant]]
    """The plans that are assigned to users, by account id and user id."""

    def decide_feature(self, key: str, subject: Subject, now: float) -> Decision:
        """Return whether a subject may use a feature.

        Args:
            key: The key of the feature.
            subject: The account and the user.
            now: The current time, in seconds since 1970.
        """
        refused = _MISSING
        for grant in self._grants_of(subject):
            if key in grant.features:
                if grant.expires is None or grant.expires > now * 1_000:
                    return _ENTITLED
                refused = _EXPIRED
        feature = self.features.get(key)
        if feature is None:
            return refused
        is_given = any(flag.give(subject.attribute) for flag in feature.flags) or any(
            plan.give(subject.attribute) for plan in feature.plans
        )
        return _ENTITLED if is_given else refused

    def decide_permission(self, permission: str, subject: Subject, now: float) -> Decision:
        """Return whether a subject may use a permission.

        Args:
            permission: The key of the permission.
            subject: The account and the user.
            now: The current time, in seconds since 1970.
        """
        if not subject.holds(permission):
            return _REFUSED[DecisionReason.MISSING_PERMISSION]
        decisions = [self.decide_feature(key, subject, now) for key in self.linked.get(permission, ())]
        if not decisions or _ENTITLED in decisions:
            return _ENTITLED
        return _EXPIRED if _EXPIRED in decisions else _MISSING

    def _grants_of(self, subject: Subject) -> Sequence[Grant]:
        if subject.tenant_id is None:
            return ()
        of_tenant = self.of_tenants.get(subject.tenant_id, ())
        of_user = () if subject.user_id is None else self.of_users.get((subject.tenant_id, subject.user_id), ())
        return (*of_tenant, *of_user) if of_user else of_tenant


_decoder: Final = msgspec.json.Decoder(_Body[msgspec.Raw])
_split: Final = msgspec.json.Decoder(list[msgspec.Raw])
_features: Final = msgspec.json.Decoder(list[_Feature])
_bundles: Final = msgspec.json.Decoder(list[_Bundle])
_assignments: Final = msgspec.json.Decoder(list[_Assignment])
_flags: Final = msgspec.json.Decoder(list[_Flag])


def read_snapshot(body: bytes, compiler: Compiler) -> Snapshot:
    """Parse a snapshot from the JSON of the service.

    Args:
        body: The JSON.
        compiler: Compiles the rules.

    Raises:
        ValueError: The body is not the JSON of a snapshot.
        RecursionError: The body is nested too deeply.
    """
    whole = decode_with_halves(body, _decoder, _Body[list[object]])
    if not is_offset(whole.snapshotOffset):
        raise ValueError("Expected a number or a text - at `$.snapshotOffset`")
    data = whole.data
    features = [*_rows(data.features, _features)]
    keys = {feature.id: feature.key for feature in features}
    flags: dict[str, list[Treatments]] = {}
    for flag in _rows(data.featureFlags, _flags):
        given = compiler.treatments(flag.rules, flag.default) if flag.is_on else compiler.treatments(None, flag.off)
        flags.setdefault(flag.feature, []).append(given)
    plans: dict[str, list[Treatments]] = {}
    bundles: dict[str, frozenset[str]] = {}
    for bundle in _rows(data.featureBundles, _bundles):
        of_bundle = [keys[each] for each in bundle.features or () if each in keys]
        bundles[bundle.id] = frozenset(of_bundle)
        treatments = compiler.treatments(bundle.rules, bundle.default)
        for key in of_bundle:
            plans.setdefault(key, []).append(treatments)
    linked: dict[str, list[str]] = {}
    for feature in features:
        for permission in feature.permissions or ():
            linked.setdefault(permission, []).append(feature.key)
    of_tenants, of_users = _grants(_rows(data.entitlements, _assignments), bundles)
    return Snapshot(
        whole.snapshotOffset,
        {key: Feature(flags.get(key, ()), plans.get(key, ())) for key in keys.values()},
        linked,
        of_tenants,
        of_users,
    )


def is_offset(value: object) -> bool:
    """Return whether a value can be the offset of a snapshot, which is a number or a text."""
    return isinstance(value, int | float | str) and not isinstance(value, bool)


def _rows(rows: msgspec.Raw | list[object], decoder: msgspec.json.Decoder[list[T]]) -> Iterator[T]:
    """Decode rows in pieces and yield them. A decoder holds the GIL until it ends, which blocks other threads."""
    if isinstance(rows, list):
        yield from msgspec.convert(rows, decoder.type)
        return
    for _, _, piece in pieces(_split.decode(rows)):
        yield from decoder.decode(piece)


def _grants(
    assignments: Iterator[_Assignment], bundles: Mapping[str, frozenset[str]]
) -> tuple[dict[str, tuple[Grant, ...]], dict[tuple[str, str], tuple[Grant, ...]]]:
    """Return the plans of accounts and of users. Accounts with the same single plan without an end share one tuple."""
    alone = {bundle_id: (Grant(features, None),) for bundle_id, features in bundles.items()}
    of_tenants: dict[str, tuple[Grant, ...]] = {}
    of_users: dict[tuple[str, str], tuple[Grant, ...]] = {}
    for assignment in assignments:
        features = bundles.get(assignment.bundle)
        if features is None:
            continue
        tenant_id, user_id, expires = assignment.tenant_id, assignment.user_id, assignment.expires
        # An unreadable time is treated as a time in the past. Frontegg's own client has the same result, by a
        # comparison with NaN.
        grants = alone[assignment.bundle] if expires is None else (Grant(features, as_time(expires) or 0),)
        if user_id is not None:
            of_users[tenant_id, user_id] = _joined(of_users.get((tenant_id, user_id)), grants)
        else:
            of_tenants[tenant_id] = _joined(of_tenants.get(tenant_id), grants)
    return of_tenants, of_users


def _joined(held: tuple[Grant, ...] | None, added: tuple[Grant, ...]) -> tuple[Grant, ...]:
    """Add an assignment to assignments. Of several assignments of one plan, keep only the one that ends last."""
    if held is None:
        return added
    (grant,) = added
    for place, each in enumerate(held):
        if each.features is grant.features:
            return held if _end(each) >= _end(grant) else (*held[:place], grant, *held[place + 1 :])
    return (*held, grant)


def _end(grant: Grant) -> float:
    return math.inf if grant.expires is None else grant.expires
