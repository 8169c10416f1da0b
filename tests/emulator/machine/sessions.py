"""A state machine for sessions: sign-in, refresh, switch, and everything that may end a session, in any order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.emulator.machine.identities import Identities, ModelAccessToken, ModelCredential, ModelSession, ModelUser
from tests.emulator.machine.transports import V1, HttpTransport, Received, ResponseLostError

AUTH: Final = "/identity/resources/auth"
MINE: Final = "/identity/resources/users/v2/me/tenants"
SWITCH: Final = "/identity/resources/users/v1/tenant"
TENANT_TOKENS: Final = "/identity/resources/tenants/api-tokens"
USER_TOKENS: Final = "/identity/resources/users/api-tokens/v1"
ACCESS_TOKENS: Final = {
    True: "/identity/resources/users/access-tokens/v1",
    False: "/identity/resources/tenants/access-tokens/v1",
}
LOOK_UPS: Final = {
    True: "/identity/resources/vendor-only/users/access-tokens/v1",
    False: "/identity/resources/vendor-only/tenants/access-tokens/v1",
}
"""Whether they are of users."""

MEMBERS: Final = {"u1": ["t1"], "u2": ["t1", "t2"], "u3": ["t3", "t2"]}
TENANTS: Final = ("t1", "t2", "t3")
MAX_SNAPSHOTS: Final = 2

tenant_ids: Final = st.sampled_from(TENANTS)
some_tenants: Final = st.sampled_from((*TENANTS, "nobody"))


class SessionMachine(RuleBasedStateMachine):
    """Requests to a server in any order, each held against the model."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.transport = HttpTransport(url)
        self.model = Identities()
        self.snapshots: list[tuple[Any, Identities]] = []

    @initialize()
    def begin(self) -> None:
        """Three tenants and three users, two of whom are in several."""
        self.transport.admin("POST", "clock", {"freeze": True})
        self.seed(tenants=TENANTS, users=MEMBERS)
        for tenant_id, user_id in (("t1", None), ("t2", "u2")):
            self.make_credential(tenant_id, user_id)
        for client_id in self.model.credentials:
            self.sign_in(client_id, 1, right=True)
        for user_id in MEMBERS:
            self.log_in(user_id, right=True)

    def seed(self, *, users: Mapping[str, list[str]], tenants: Sequence[str] = ()) -> None:
        """Add tenants and users, by an administrator's hand."""
        document = {
            "tenants": [{"tenantId": tenant_id, "name": tenant_id.upper()} for tenant_id in tenants],
            "users": [
                {
                    "id": user_id,
                    "email": f"{user_id}@x.example",
                    "password": f"emu_{user_id}",
                    "tenantId": own[0],
                    "tenantIds": own,
                }
                for user_id, own in users.items()
            ],
        }
        self.transport.admin("POST", "seed", document)
        self.model.tenants |= dict.fromkeys(tenants, False)
        self.model.users |= {user_id: ModelUser(list(own), own[0]) for user_id, own in users.items()}

    def teardown(self) -> None:
        """Leave the environment behind."""
        self.transport.close()

    def open(self, path: str, body: object) -> Received:
        """Send a request that has no token to name the environment."""
        headers = {"frontegg-vendor-host": self.transport.client_id, "authorization": ""}
        return self.transport.send("POST", f"{AUTH}/{path}", body, headers=headers)

    def as_holder(self, session: ModelSession, method: str, path: str, body: object = None) -> Received:
        """Send a request with the access token of a session."""
        headers = {"authorization": f"Bearer {session.access}"}
        return self.transport.send(method, path, {} if body is None else body, headers=headers)

    def as_manager(self, method: str, path: str, body: object, tenant_id: str, user_id: str | None = None) -> Received:
        """Send a request of the management about a tenant, or about a user of it."""
        about = {"frontegg-tenant-id": tenant_id} | ({} if user_id is None else {"frontegg-user-id": user_id})
        return self.transport.send(method, path, body, headers=about)

    def some_session(self, data: st.DataObject) -> ModelSession:
        """Draw a session, mostly one that goes on."""
        late = st.sampled_from(self.model.sessions[-6:])
        going_on = [each for each in self.model.sessions if not self.model.refuse_refresh(each, used=False)]
        return data.draw(st.one_of(*([st.sampled_from(going_on)] * 3 if going_on else []), late))

    def check(self, answered: Received, refused: set[int], status: int) -> bool:
        """Hold a status against what the model says; return whether it was done."""
        assert answered.status in (refused or {status}), (answered, refused)
        return not refused

    @rule(user_id=st.sampled_from((*MEMBERS, *MEMBERS, "nobody")), right=st.sampled_from((True, True, True, False)))
    def login(self, user_id: str, right: bool) -> None:
        """With the right password or another one."""
        self.log_in(user_id, right=right)

    def log_in(self, user_id: str, *, right: bool) -> None:
        """Sign a user in."""
        body = {"email": f"{user_id}@x.example", "password": f"emu_{user_id}" if right else "emu_wrong"}
        answered = self.open("v1/user", body)
        if self.check(answered, self.model.refuse_login(user_id, right=right), 200):
            self.keep(user_id, answered.body["accessToken"], answered.body["refreshToken"], is_user=True)

    def keep(self, holder: str, access: str, refresh: str, *, is_user: bool) -> None:
        """A session has begun."""
        tenant = self.model.users[holder].active if is_user else self.model.credentials[holder].tenant
        session = ModelSession(
            holder=holder, is_user=is_user, refresh=refresh, renewed=self.model.now, access=access, tenant=tenant
        )
        self.model.sessions.append(session)

    @precondition(lambda self: self.model.sessions)
    @rule(data=st.data(), used=st.sampled_from((False, False, False, True)), version=st.sampled_from((1, 2)))
    def refresh(self, data: st.DataObject, used: bool, version: int) -> None:
        """With the latest token or with one that was used before, which ends the session."""
        session = self.some_session(data)
        token = data.draw(st.sampled_from(session.used)) if used and session.used else session.refresh
        self.renew(session, token, version)

    def renew(self, session: ModelSession, token: str | None, version: int) -> None:
        """Use one of the refresh tokens of a session, if its holder has it."""
        if token is None:
            return
        refused = self.model.refuse_refresh(session, used=token != session.refresh)
        answered = self.send_refresh(session, token, version)
        if token != session.refresh:
            session.ended = True
        if self.check(answered, refused, 201 if session.is_user else 200):
            tokens = {name.replace("_t", "T"): value for name, value in answered.body.items()}
            self.model.renew(session, tokens["accessToken"], tokens["refreshToken"])

    @precondition(lambda self: self.model.sessions)
    @rule(data=st.data())
    def replay(self, data: st.DataObject) -> None:
        """A thief and the user have the same token: after both have used it, neither gets any further."""
        session = self.some_session(data)
        self.renew(session, session.refresh, 1)
        if session.used:
            self.renew(session, data.draw(st.sampled_from(session.used)), 1)
            self.renew(session, session.refresh, 1)

    def send_refresh(self, session: ModelSession, token: str, version: int) -> Received:
        """Send it to the route that is for the kind of session."""
        path = "v1/user/token/refresh" if session.is_user else f"v{version}/api-token/token/refresh"
        return self.open(path, {"refreshToken": token})

    @precondition(lambda self: self.model.sessions)
    @rule(data=st.data(), stage=st.sampled_from(("before_commit", "after_commit")))
    def lose_a_refresh(self, data: st.DataObject, stage: str) -> None:
        """When the answer is lost, the token is used up if and only if the service came so far."""
        session = self.some_session(data)
        if session.refresh is None or self.model.refuse_refresh(session, used=False):
            return
        fault = {"match": {"times": 1}, "stage": stage, "action": {"type": "reset"}}
        self.transport.admin("POST", "faults", fault)
        try:
            self.send_refresh(session, session.refresh, 2)
        except ResponseLostError:
            pass
        else:
            raise AssertionError("the answer was not lost")
        if stage == "after_commit":
            renewed, access, tenant = session.renewed, session.access, session.tenant
            self.model.renew(session, access, None)
            session.renewed, session.tenant = renewed, tenant  # the holder has the access token from before

    @precondition(lambda self: self.model.sessions)
    @rule(data=st.data(), tenant_id=some_tenants, lock=st.booleans())
    def switch(self, data: st.DataObject, tenant_id: str, lock: bool) -> None:
        """To a tenant of the user, to another's, to a locked or an unknown one."""
        session = self.some_session(data)
        if tenant_id in self.model.tenants:
            self.lock(tenant_id, lock)
        answered = self.as_holder(session, "PUT", SWITCH, {"tenantId": tenant_id})
        if self.check(answered, self.model.refuse_switch(session, tenant_id), 200):
            assert answered.body["tenantId"] == tenant_id
            user_id = session.holder if session.is_user else self.model.credentials[session.holder].user
            if user_id is not None:
                self.model.users[user_id].active = tenant_id

    @precondition(lambda self: self.model.sessions)
    @rule(data=st.data())
    def own_tenants(self, data: st.DataObject) -> None:
        """An access token serves as long as its time, its holder and its tenant last."""
        session = self.some_session(data)
        answered = self.as_holder(session, "GET", MINE)
        if self.check(answered, self.model.refuse_access(session), 200):
            assert [tenant["tenantId"] for tenant in answered.body] == self.model.own_tenants(session)

    @rule(tenant_id=tenant_ids, user_id=st.sampled_from((None, None, *MEMBERS)))
    def create_credential(self, tenant_id: str, user_id: str | None) -> None:
        """An API token of a tenant, or of a user of it."""
        self.make_credential(tenant_id, user_id)

    def make_credential(self, tenant_id: str, user_id: str | None) -> None:
        """Create an API token."""
        path = f"{TENANT_TOKENS}/v2" if user_id is None else USER_TOKENS
        answered = self.as_manager("POST", path, {"description": "x"}, tenant_id, user_id)
        user = None if user_id is None else self.model.users.get(user_id)
        is_missing = tenant_id not in self.model.tenants or (
            user_id is not None and (user is None or tenant_id not in user.tenants)
        )
        if self.check(answered, {404} if is_missing else set(), 201):
            secret, client_id = answered.body["secret"], answered.body["clientId"]
            self.model.credentials[client_id] = ModelCredential(secret, tenant_id, user_id)

    @precondition(lambda self: self.model.credentials)
    @rule(data=st.data(), right=st.sampled_from((True, True, False)), version=st.sampled_from((1, 2)))
    def exchange(self, data: st.DataObject, right: bool, version: int) -> None:
        """With the right secret or another one, by either version of the route."""
        self.sign_in(data.draw(st.sampled_from(list(self.model.credentials))), version, right=right)

    def sign_in(self, client_id: str, version: int, *, right: bool) -> None:
        """Begin a session of an API token."""
        secret = self.model.credentials[client_id].secret if right else "emu_wrong"
        answered = self.open(f"v{version}/api-token", {"clientId": client_id, "secret": secret})
        if self.check(answered, self.model.refuse_exchange(client_id, right=right), 200):
            tokens = {name.replace("_t", "T"): value for name, value in answered.body.items()}
            self.keep(client_id, tokens["accessToken"], tokens["refreshToken"], is_user=False)

    @precondition(lambda self: self.model.credentials)
    @rule(data=st.data())
    def delete_credential(self, data: st.DataObject) -> None:
        """Its sessions end with it."""
        client_id = data.draw(st.sampled_from(list(self.model.credentials)))
        credential = self.model.credentials[client_id]
        user = None if credential.user is None else self.model.users.get(credential.user)
        is_missing = credential.user is not None and (user is None or credential.tenant not in user.tenants)
        base = f"{TENANT_TOKENS}/v1" if credential.user is None else USER_TOKENS
        answered = self.as_manager("DELETE", f"{base}/{client_id}", {}, credential.tenant, credential.user)
        if self.check(answered, {404} if is_missing else set(), 200):
            del self.model.credentials[client_id]

    @rule(
        tenant_id=some_tenants,
        user_id=st.sampled_from((None, None, *MEMBERS, "nobody")),
        minutes=st.sampled_from((None, None, 1, 1500)),
    )
    def create_access_token(self, tenant_id: str, user_id: str | None, minutes: int | None) -> None:
        """An access token of a tenant, or of a user of it."""
        body = {} if minutes is None else {"expiresInMinutes": minutes}
        answered = self.as_manager("POST", ACCESS_TOKENS[user_id is not None], body, tenant_id, user_id)
        if self.check(answered, self.model.refuse_management(tenant_id, user_id), 201):
            ends = None if minutes is None else self.model.now + 60 * minutes
            self.model.access_tokens[answered.body["id"]] = ModelAccessToken(tenant_id, user_id, ends)
            assert answered.body["secret"].count(".") == 2
            assert ("expires" in answered.body) is (minutes is not None)

    @precondition(lambda self: self.model.access_tokens)
    @rule(
        data=st.data(), about=st.sampled_from((None, "own", *TENANTS)), other_kind=st.sampled_from((False, False, True))
    )
    def look_up_access_token(self, data: st.DataObject, about: str | None, other_kind: bool) -> None:
        """With the header of its tenant, of another one, or with none; by the route of its kind or the other."""
        token_id = data.draw(st.sampled_from(list(self.model.access_tokens)))
        token = self.model.access_tokens[token_id]
        tenant_id = token.tenant if about == "own" else about
        of_users = (token.user is not None) is not other_kind
        headers = {} if tenant_id is None else {"frontegg-tenant-id": tenant_id}
        answered = self.transport.send("GET", f"{LOOK_UPS[of_users]}/{token_id}", headers=headers)
        is_found = self.model.is_active(token_id) and not other_kind and tenant_id in (None, token.tenant)
        if self.check(answered, set() if is_found else {404}, 200):
            assert (answered.body["id"], answered.body["tenantId"]) == (token_id, token.tenant)
            assert answered.body.get("userId") == token.user

    @rule(about=st.sampled_from((None, *TENANTS, "nobody")), of_users=st.booleans())
    def list_active_access_tokens(self, about: str | None, of_users: bool) -> None:
        """Of one tenant, or of all."""
        headers = {} if about is None else {"frontegg-tenant-id": about}
        answered = self.transport.send("GET", f"{LOOK_UPS[of_users]}/active", headers=headers)
        is_unknown = about is not None and about not in self.model.tenants
        if self.check(answered, {404} if is_unknown else set(), 200):
            assert sorted(answered.body) == sorted(
                token_id
                for token_id, token in self.model.access_tokens.items()
                if (token.user is not None) is of_users
                and about in (None, token.tenant)
                and self.model.is_active(token_id)
            )

    @precondition(lambda self: self.model.access_tokens)
    @rule(data=st.data())
    def delete_access_token(self, data: st.DataObject) -> None:
        """It is known no more."""
        token_id = data.draw(st.sampled_from(list(self.model.access_tokens)))
        token = self.model.access_tokens[token_id]
        path = f"{ACCESS_TOKENS[token.user is not None]}/{token_id}"
        answered = self.as_manager("DELETE", path, {}, token.tenant, token.user)
        if self.check(answered, self.model.refuse_management(token.tenant, token.user), 200):
            del self.model.access_tokens[token_id]

    @rule(tenant_id=tenant_ids, locked=st.booleans())
    def lock_or_unlock(self, tenant_id: str, locked: bool) -> None:
        """By the management."""
        self.lock(tenant_id, locked)

    def lock(self, tenant_id: str, locked: bool) -> None:
        """Lock a tenant or unlock it."""
        answered = self.transport.send("POST", f"{V1}/{'lock' if locked else 'unlock'}", {"tenantIds": [tenant_id]})
        if self.check(answered, set() if tenant_id in self.model.tenants else {404}, 204):
            self.model.tenants[tenant_id] = locked

    @precondition(lambda self: len(self.model.tenants) > 1)
    @rule(tenant_id=tenant_ids, again=st.booleans(), sure=st.sampled_from((False, False, True)))
    def delete_tenant(self, tenant_id: str, again: bool, sure: bool) -> None:
        """A tenant goes, with users and API tokens; what comes again under its id has none of them."""
        if not sure:
            return
        answered = self.transport.send("DELETE", f"{V1}/{tenant_id}")
        if self.check(answered, set() if tenant_id in self.model.tenants else {404}, 200):
            self.model.delete_tenant(tenant_id)
        if again:
            assert self.transport.send("POST", V1, {"tenantId": tenant_id, "name": tenant_id}).status == 201
            self.model.tenants[tenant_id] = False

    @precondition(lambda self: len(self.model.users) < len(MEMBERS))
    @rule(user_id=st.sampled_from(list(MEMBERS)))
    def come_back(self, user_id: str) -> None:
        """Whoever went is there again, in all tenants that live; the sessions from before have ended."""
        tenants = list(self.model.tenants)
        if user_id not in self.model.users:
            self.seed(users={user_id: tenants})

    @rule(source=tenant_ids, goal=tenant_ids)
    def move_users(self, source: str, goal: str) -> None:
        """All users of a tenant go to another."""
        body = {"srcTenantId": source, "targetTenantId": goal}
        answered = self.transport.send("PUT", "/identity/resources/users/v1/tenants/migrate", body)
        refused = {400} if source == goal else set[int]()
        if source not in self.model.tenants or goal not in self.model.tenants:
            refused |= {404}
        if self.check(answered, refused, 200):
            self.model.move_users(source, goal)

    @rule(seconds=st.sampled_from((60, 60, 60, 86_401, 20 * 86_400)))
    def wait(self, seconds: int) -> None:
        """Access tokens are good for a day, refresh tokens for thirty."""
        self.transport.admin("POST", "clock", {"advance": seconds})
        self.model.now += seconds
        self.transport.authenticate()

    @precondition(lambda self: len(self.snapshots) < MAX_SNAPSHOTS)
    @rule()
    def take_snapshot(self) -> None:
        """Remember everything."""
        self.snapshots.append((self.transport.admin("GET", "snapshot"), self.model.copy()))

    @precondition(lambda self: self.snapshots)
    @rule(data=st.data())
    def restore(self, data: st.DataObject) -> None:
        """Go back: tokens that were used since are good again, and those that came since are unknown."""
        snapshot, model = data.draw(st.sampled_from(self.snapshots))
        self.transport.admin("POST", "restore", snapshot)
        self.model = model.copy()

    @invariant()
    def users_are_as_the_model_has_them(self) -> None:
        """Who is in which tenant, and which is the active one."""
        (environment,) = self.transport.admin("GET", "snapshot")["environments"]
        users = {user["id"]: (user["tenantIds"], user["tenantId"]) for user in environment["users"]}
        assert users == {user_id: (user.tenants, user.active) for user_id, user in self.model.users.items()}
        credentials = {row["id"]: row["tenantId"] for row in environment["tables"].get("apiTokens", [])}
        assert credentials == {client_id: each.tenant for client_id, each in self.model.credentials.items()}
        access_tokens = {row["id"]: row.get("userId") for row in environment["tables"].get("access_token", [])}
        assert access_tokens == {token_id: each.user for token_id, each in self.model.access_tokens.items()}
