"""``security`` of one tenant: its security policies."""

from __future__ import annotations

from frontegg_async._core.call.caller import Caller
from frontegg_async.resources.of_tenant.security.countries import AsyncOwnSecurityCountries
from frontegg_async.resources.of_tenant.security.email_domains import AsyncTenantSecurityEmailDomains
from frontegg_async.resources.of_tenant.security.ip_restrictions import AsyncTenantSecurityIpRestrictions
from frontegg_async.resources.of_tenant.security.lockout import AsyncTenantSecurityLockout
from frontegg_async.resources.of_tenant.security.mfa import AsyncTenantSecurityMfa
from frontegg_async.resources.of_tenant.security.passwords import (
    AsyncTenantSecurityPassword,
    AsyncTenantSecurityPasswordHistory,
    AsyncTenantSecurityPasswordRotation,
)
from frontegg_async.resources.of_tenant.security.sessions import AsyncTenantSecuritySessions


class AsyncTenantSecurity:
    """The security policies of one tenant: rules for how, and from where, its users sign in."""

    __slots__ = (
        "_caller",
        "email_domains",
        "ip_restrictions",
        "lockout",
        "mfa",
        "password",
        "password_history",
        "password_rotation",
        "sessions",
    )

    email_domains: AsyncTenantSecurityEmailDomains
    """The allowed and the blocked domains of users' e-mail addresses."""

    ip_restrictions: AsyncTenantSecurityIpRestrictions
    """The IP addresses from which users may or may not sign in."""

    lockout: AsyncTenantSecurityLockout
    """The lockout policy: the number of wrong passwords after which a user is locked out."""

    mfa: AsyncTenantSecurityMfa
    """The MFA policies: which users must sign in with a second factor."""

    password: AsyncTenantSecurityPassword
    """The password policy: the rules for new passwords."""

    password_history: AsyncTenantSecurityPasswordHistory
    """The password history policy: the number of former passwords that a user may not use again."""

    password_rotation: AsyncTenantSecurityPasswordRotation
    """The password rotation policy: how often users must change their password."""

    sessions: AsyncTenantSecuritySessions
    """The session policy, which limits the length and the number of users' sessions."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller
        self.email_domains = AsyncTenantSecurityEmailDomains(caller)
        self.ip_restrictions = AsyncTenantSecurityIpRestrictions(caller)
        self.lockout = AsyncTenantSecurityLockout(caller)
        self.mfa = AsyncTenantSecurityMfa(caller)
        self.password = AsyncTenantSecurityPassword(caller)
        self.password_history = AsyncTenantSecurityPasswordHistory(caller)
        self.password_rotation = AsyncTenantSecurityPasswordRotation(caller)
        self.sessions = AsyncTenantSecuritySessions(caller)


class AsyncOwnSecurity(AsyncTenantSecurity):
    """The security policies of the user's own tenant: rules for how, and from where, its users sign in."""

    __slots__ = ("countries",)

    countries: AsyncOwnSecurityCountries
    """The countries from which users may sign in."""

    def __init__(self, caller: Caller) -> None:
        super().__init__(caller)
        self.countries = AsyncOwnSecurityCountries(caller)
