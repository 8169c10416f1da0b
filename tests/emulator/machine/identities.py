"""A simple model of the contract about authentication: tenants, users, their tokens and sessions."""

from __future__ import annotations

import copy
from typing import Final

import attrs

REFRESH_LIFE: Final = 30 * 86_400
ACCESS_LIFE: Final = 86_400


@attrs.define
class ModelUser:
    """A user that lives; ``active`` is one of its tenants."""

    tenants: list[str]
    active: str


@attrs.define
class ModelCredential:
    """An API token; without a user it is the tenant's."""

    secret: str
    tenant: str
    user: str | None = None


@attrs.define
class ModelAccessToken:
    """An access token; without a user it is the tenant's, and without ``ends`` it does not end."""

    tenant: str
    user: str | None = None
    ends: int | None = None


@attrs.define
class ModelSession:
    """A session of a user or of an API token, as its holder knows it.

    ``refresh`` is ``None`` when its holder lost the answer that it came in. ``tenant`` is the one of the access token.
    """

    holder: str
    is_user: bool
    refresh: str | None
    renewed: int
    access: str
    tenant: str
    used: list[str] = attrs.field(factory=list)
    ended: bool = False


@attrs.define
class Identities:
    """Who there should be, and who may come in. ``now`` counts the seconds since the clock stood still."""

    now: int = 0
    tenants: dict[str, bool] = attrs.field(factory=dict)
    """Those that live, and whether they are locked."""
    users: dict[str, ModelUser] = attrs.field(factory=dict)
    credentials: dict[str, ModelCredential] = attrs.field(factory=dict)
    access_tokens: dict[str, ModelAccessToken] = attrs.field(factory=dict)
    sessions: list[ModelSession] = attrs.field(factory=list)

    def copy(self) -> Identities:
        """A snapshot."""
        return copy.deepcopy(self)

    # Each of the following says with which statuses a request may be refused; none when it must be done.

    def refuse_login(self, user_id: str, *, right: bool) -> set[int]:
        """401 for who is unknown or has another password, 403 while the active tenant is locked."""
        user = self.users.get(user_id)
        if user is None or not right:
            return {401}
        return {403} if self.tenants[user.active] else set()

    def refuse_exchange(self, client_id: str, *, right: bool) -> set[int]:
        """401 for who is unknown or has another secret, or whose user is elsewhere; 403 in a locked tenant."""
        credential = self.credentials.get(client_id)
        if credential is None or not right:
            return {401}
        refused = {403} if self.tenants[credential.tenant] else set[int]()
        if credential.user is not None:
            user = self.users.get(credential.user)
            if user is None or credential.tenant not in user.tenants:
                refused.add(401)
        return refused

    def refuse_refresh(self, session: ModelSession, *, used: bool) -> set[int]:
        """401 for a token that was used or whose session or life has ended; else as a sign-in is refused."""
        if used or session.ended or session.renewed + REFRESH_LIFE <= self.now:
            return {401}
        if session.is_user:
            return self.refuse_login(session.holder, right=True)
        return self.refuse_exchange(session.holder, right=True)

    def refuse_access(self, session: ModelSession) -> set[int]:
        """401 for a token whose time is over or whose tenant, user or API token is no more."""
        if session.renewed + ACCESS_LIFE < self.now or session.tenant not in self.tenants:
            return {401}
        if session.is_user:
            return set() if session.holder in self.users else {401}
        credential = self.credentials.get(session.holder)
        if credential is None or (credential.user is not None and credential.user not in self.users):
            return {401}
        return set()

    def refuse_switch(self, session: ModelSession, tenant_id: str) -> set[int]:
        """404 for an unknown tenant, 403 for one that is not the user's or is locked."""
        refused = self.refuse_access(session)
        if refused:
            return refused
        if tenant_id not in self.tenants:
            return {404}
        return {403} if tenant_id not in self.own_tenants(session) or self.tenants[tenant_id] else set()

    def own_tenants(self, session: ModelSession) -> list[str]:
        """The tenants of the user of a session; those of a tenant's API token are the tenant."""
        user_id = session.holder if session.is_user else self.credentials[session.holder].user
        return [session.tenant] if user_id is None else self.users[user_id].tenants

    def refuse_management(self, tenant_id: str, user_id: str | None) -> set[int]:
        """404 for a tenant that is no more, and for a user who is not in it."""
        user = None if user_id is None else self.users.get(user_id)
        is_user = user_id is None or (user is not None and tenant_id in user.tenants)
        return set() if tenant_id in self.tenants and is_user else {404}

    def is_active(self, token_id: str) -> bool:
        """Whether an access token is there, has not ended, and has its user in its tenant."""
        token = self.access_tokens.get(token_id)
        if token is None or (token.ends is not None and token.ends <= self.now):
            return False
        return not self.refuse_management(token.tenant, token.user)

    # And these do it.

    def tenant_of(self, session: ModelSession) -> str:
        """The tenant that the next access token of a session is for."""
        return self.users[session.holder].active if session.is_user else self.credentials[session.holder].tenant

    def renew(self, session: ModelSession, access: str, refresh: str | None) -> None:
        """The refresh token is used up, and there are new ones; whose answer was lost nobody knows."""
        if session.refresh is not None:
            session.used.append(session.refresh)
        session.refresh = refresh
        session.access = access
        session.renewed = self.now
        session.tenant = self.tenant_of(session)

    def delete_tenant(self, tenant_id: str) -> None:
        """Users keep their other tenants; those without any go, and so do the API tokens of the tenant."""
        del self.tenants[tenant_id]
        for user_id, user in list(self.users.items()):
            if tenant_id in user.tenants:
                user.tenants.remove(tenant_id)
                if not user.tenants:
                    del self.users[user_id]
                    for session in self.sessions:
                        session.ended = session.ended or session.holder == user_id
                elif user.active == tenant_id:
                    user.active = user.tenants[0]
        for client_id, credential in list(self.credentials.items()):
            if credential.tenant == tenant_id:
                del self.credentials[client_id]

        for token_id, token in list(self.access_tokens.items()):
            if token.tenant == tenant_id:
                del self.access_tokens[token_id]

    def move_users(self, source: str, target: str) -> None:
        """All users of one tenant are in the other one, once."""
        for user in self.users.values():
            if source in user.tenants:
                moved = [target if tenant == source else tenant for tenant in user.tenants]
                user.tenants = list(dict.fromkeys(moved))
                user.active = target if user.active == source else user.active
