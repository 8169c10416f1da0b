"""Decide whether a plan disables the last SSO of an account that needs SSO."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, cast

from frontegg_async._values.json_values import JsonValue
from frontegg_async.managed.kinds import Objects
from frontegg_async.managed.object_write import ObjectWrite
from frontegg_async.managed.sso_parts import VALIDATED
from frontegg_async.models.security_policies import MfaEnforcement

_ENABLED: Final = "enabled"
_MFA: Final = "mfa"
_ENFORCE: Final = "enforce"


def locks_out(
    configurations: Objects,
    changes: Iterable[ObjectWrite],
    policies: Objects,
    policy_changes: Iterable[ObjectWrite] = (),
) -> bool:
    """Return whether changes may lock users out by disabling the last enabled SSO configuration.

    The result is true only if the account enforces SSO. An account enforces SSO if an enabled configuration has a
    verified domain, since the service sends users of this domain to SSO. An account also enforces SSO if MFA is
    ``ForceExceptSAML`` after the changes, since users without a second factor can then sign in only with SAML.

    A configuration that is not managed does not count as enabled.

    Args:
        configurations: The part ``sso`` of the account before the changes.
        changes: The changes of the part.
        policies: The part ``policies`` of the account before the changes. Only the object ``mfa`` is needed.
        policy_changes: The changes of the part ``policies``.
    """
    before = [each for each in configurations.found.values() if each.values.get(_ENABLED) is True]
    after = {each.key: True for each in before}
    for change in changes:
        given = {**change.creation, **change.sets}
        after[change.key] = given.get(_ENABLED, after.get(change.key)) is True
    if not before or any(after.values()):
        return False
    has_domain = any(cast("list[str]", each.read_only.get(VALIDATED) or []) for each in before)
    return has_domain or _enforcement(policies, policy_changes) == MfaEnforcement.FORCE_EXCEPT_SAML


def _enforcement(policies: Objects, changes: Iterable[ObjectWrite]) -> JsonValue:
    """Return the MFA enforcement after changes."""
    for change in changes:
        if change.key == _MFA and _ENFORCE in change.sets:
            return change.sets[_ENFORCE]
    mfa = policies.found.get(_MFA)
    return None if mfa is None else mfa.values.get(_ENFORCE)
