"""``frontegg.security``: the security policies of tenants."""

from __future__ import annotations

from frontegg_async._core.call.caller import Caller
from frontegg_async.resources.by_id.security.email_domains import AsyncSecurityEmailDomains
from frontegg_async.resources.by_id.security.ip_restrictions import AsyncSecurityIpRestrictions
from frontegg_async.resources.by_id.security.lockout import AsyncSecurityLockout
from frontegg_async.resources.by_id.security.mfa import AsyncSecurityMfa
from frontegg_async.resources.by_id.security.passwords import (
    AsyncSecurityPassword,
    AsyncSecurityPasswordHistory,
    AsyncSecurityPasswordRotation,
)
from frontegg_async.resources.by_id.security.sessions import AsyncSecuritySessions
from frontegg_async.resources.by_id.security.tenant import SecurityById


class AsyncSecurity(SecurityById):
    """The security policies of tenants, which say how and from where their users sign in."""

    __slots__ = (
        "email_domains",
        "ip_restrictions",
        "lockout",
        "mfa",
        "password",
        "password_history",
        "password_rotation",
        "sessions",
    )

    email_domains: AsyncSecurityEmailDomains
    """The domains whose e-mail addresses users may have."""

    ip_restrictions: AsyncSecurityIpRestrictions
    """The addresses from which users may sign in."""

    lockout: AsyncSecurityLockout
    """The number of wrong passwords after which a user is locked out."""

    mfa: AsyncSecurityMfa
    """The policy for sign-in with a second factor."""

    password: AsyncSecurityPassword
    """The rules for passwords."""

    password_history: AsyncSecurityPasswordHistory
    """The number of former passwords from which a new one must differ."""

    password_rotation: AsyncSecurityPasswordRotation
    """The time after which users must change their password."""

    sessions: AsyncSecuritySessions
    """The policy for the end of users' sessions."""

    def __init__(self, caller: Caller) -> None:
        super().__init__(caller)
        self.email_domains = AsyncSecurityEmailDomains(caller)
        self.ip_restrictions = AsyncSecurityIpRestrictions(caller)
        self.lockout = AsyncSecurityLockout(caller)
        self.mfa = AsyncSecurityMfa(caller)
        self.password = AsyncSecurityPassword(caller)
        self.password_history = AsyncSecurityPasswordHistory(caller)
        self.password_rotation = AsyncSecurityPasswordRotation(caller)
        self.sessions = AsyncSecuritySessions(caller)
