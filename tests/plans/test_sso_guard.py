"""The guard of SSO: whether a plan disables the last SSO configuration of an account that enforces SSO."""

from __future__ import annotations

import attrs
import pytest

from frontegg_async._values.json_values import JsonValue
from frontegg_async.managed.kinds import ManagedObject, Objects, by_key
from frontegg_async.managed.sso_lockout import locks_out

Flat = dict[str, JsonValue]


@attrs.frozen
class Changed:
    """A change of an object."""

    key: str
    sets: Flat
    creation: Flat = attrs.field(factory=dict[str, JsonValue])


def sso(key: str, *, enabled: bool | None = True, validated: tuple[str, ...] = ()) -> ManagedObject:
    values: Flat = {"domains": ["a.example"]} if enabled is None else {"domains": ["a.example"], "enabled": enabled}
    return ManagedObject(key, f"id of {key}", values, read_only={"validated_domains": [*validated]})


def mfa(enforce: str | None) -> Objects:
    return by_key([ManagedObject("mfa", "", {} if enforce is None else {"enforce": enforce})])


SAML = sso("saml", validated=("a.example",))
OFF = Changed("saml", {"enabled": False})


@pytest.mark.parametrize(
    ("before", "changes", "expected"),
    [
        ([SAML], [OFF], True),
        ([SAML, sso("oidc", enabled=False)], [OFF], True),
        ([SAML, sso("oidc", enabled=None)], [OFF, Changed("oidc", {"oidc_client_id": "a"})], True),
        ([SAML], [OFF, Changed("oidc", {}, {"enabled": False})], True),
        ([SAML, sso("oidc")], [OFF, Changed("oidc", {"enabled": False})], True),
        ([sso("saml"), sso("oidc", validated=("b.example",))], [OFF, Changed("oidc", {"enabled": False})], True),
        ([SAML, sso("oidc")], [OFF], False),
        ([SAML, sso("oidc", enabled=False)], [OFF, Changed("oidc", {"enabled": True})], False),
        ([SAML], [OFF, Changed("oidc", {}, {"enabled": True})], False),
        ([SAML], [Changed("saml", {"sso_endpoint": None})], False),
        ([SAML], [], False),
        ([sso("saml", enabled=False, validated=("a.example",))], [OFF], False),
        ([sso("saml")], [OFF], False),
        ([], [Changed("saml", {}, {"enabled": False})], False),
    ],
)
def test_the_last_configuration_with_a_verified_domain(
    before: list[ManagedObject], changes: list[Changed], *, expected: bool
) -> None:
    """It is the last one if no other is enabled afterwards."""
    assert locks_out(by_key(before), changes, Objects({})) is expected


@pytest.mark.parametrize(
    ("enforce", "sets", "expected"),
    [
        ("ForceExceptSAML", {}, True),
        ("ForceExceptSAML", {"device_expiration": 60}, True),
        ("ForceExceptSAML", {"enforce": "DontForce"}, False),
        ("DontForce", {"enforce": "ForceExceptSAML"}, True),
        (None, {"enforce": "ForceExceptSAML"}, True),
        ("Force", {}, False),
        (None, {}, False),
    ],
)
def test_the_policy_after_the_changes(enforce: str | None, sets: Flat, *, expected: bool) -> None:
    """People who have no second factor need SAML."""
    changes = [Changed("lockout", {"enabled": True}), Changed("mfa", sets)] if sets else []
    assert locks_out(by_key([sso("saml")]), [OFF], mfa(enforce), changes) is expected


def test_configurations_that_are_not_managed() -> None:
    """They do not count as enabled."""
    twins = [sso("oidc"), sso("oidc")]
    assert locks_out(by_key([SAML, *twins]), [OFF], Objects({})) is True
    assert locks_out(by_key(twins), [], Objects({})) is False
