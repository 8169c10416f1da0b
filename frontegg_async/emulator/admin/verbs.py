"""The admin verbs: what tests and people do to an emulator, typed. The admin API and the handles call these."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Final

import attrs

from frontegg_async._values.json_values import JsonValue
from frontegg_async.emulator.admin import views
from frontegg_async.emulator.behaviour.switches import change, describe
from frontegg_async.emulator.checks.arguments import flag, mapping, optional_text, seconds, text, texts
from frontegg_async.emulator.checks.json_input import plain_json
from frontegg_async.emulator.faults.ledger import Fault, FaultLedger
from frontegg_async.emulator.faults.spec import parse_fault
from frontegg_async.emulator.rules import token_sessions
from frontegg_async.emulator.rules.access_tokens import issue
from frontegg_async.emulator.store.rows.access_tokens import AccessTokenRow
from frontegg_async.emulator.store.rows.sso import TxtRecordsRow, host_key
from frontegg_async.emulator.store.rows.tenants import StoredTenant, is_valid_tenant_id
from frontegg_async.emulator.store.rows.users import SessionKind, UserRow
from frontegg_async.emulator.world import environment_snapshots, seeds
from frontegg_async.emulator.world.clock import timestamp
from frontegg_async.emulator.world.emulated_environment import CREDENTIAL_PREFIX, EmulatedEnvironment
from frontegg_async.emulator.world.journal import JournalEntry
from frontegg_async.emulator.world.seeds import SeedResult
from frontegg_async.emulator.world.subscribers import Subject
from frontegg_async.emulator.world.world import World, check_credentials

USER_TOKEN_TTL: Final = 86_400.0
API_TOKEN_TYPES: Final = ("userApiToken", "tenantApiToken")
TOKEN_TYPES: Final = ("userToken", *API_TOKEN_TYPES)
"""The types of user tokens; access tokens are made by a verb of their own."""


@attrs.frozen(kw_only=True)
class UserToken:
    """A user token, with what refreshes it."""

    access_token: str = attrs.field(repr=False)
    refresh_token: str = attrs.field(repr=False)
    expires_in: float


@attrs.frozen(kw_only=True)
class IssuedAccessToken:
    """An access token that was just made: its id, and in ``secret`` the JWT that travels in ``x-api-key``."""

    id: str
    tenant_id: str
    user_id: str | None
    secret: str = attrs.field(repr=False)


@attrs.frozen(kw_only=True)
class Stats:
    """What an emulator counted since its start or the last reset; connections since its start.

    ``journal_dropped`` is how many requests are no longer in the journal, because newer ones took their places.
    """

    tokens_issued: int
    requests: Mapping[str, int]
    connections_open: int
    connections_ever: int
    journal_dropped: int = 0


@attrs.frozen
class Verbs:
    """The verbs, for all environments or for one.

    Args:
        world: The emulator's state.
        only: The environment that the verbs are about. Without one, ``reset``, ``snapshot``, ``restore``, the clock,
            faults, journal, statistics, divergences and ``revoke_tokens`` are about all of them, and ``seed`` and
            ``user_token`` about the default one.
    """

    world: World
    only: EmulatedEnvironment | None = None

    @property
    def one(self) -> EmulatedEnvironment:
        """The environment, or the default one."""
        return self.only or self.world.default

    @property
    def every(self) -> list[EmulatedEnvironment]:
        """The environment, or all of them."""
        return [self.only] if self.only is not None else list(self.world.environments.values())

    @property
    def book(self) -> FaultLedger:
        """The faults of the environment, or those for all."""
        return self.world.faults if self.only is None else self.world.environment_faults[self.only.client_id]

    @property
    def client_id(self) -> str | None:
        """The id of the environment; ``None`` for all."""
        return None if self.only is None else self.only.client_id

    def environment(self, client_id: str) -> Verbs:
        """Return the verbs of one environment.

        Raises:
            LookupError: There is none with that id.
            ValueError: ``client_id`` is no text.
        """
        environment = self.world.environments.get(text(client_id, "client_id"))
        if environment is None:
            raise LookupError(f"there is no environment {client_id!r}")
        return Verbs(self.world, environment)

    def create_environment(
        self,
        *,
        client_id: str | None = None,
        secret: str | None = None,
        token_ttl: float | None = None,
        rate_limit: int | None = None,
        divergences: Mapping[str, JsonValue] | None = None,
    ) -> Verbs:
        """Add an environment and return its verbs; the secret and settings of one that exists are changed.

        Raises:
            ValueError: A value is not allowed.
        """
        switches = {} if divergences is None else mapping(divergences, "divergences")
        client_id = f"{CREDENTIAL_PREFIX}{secrets.token_hex(8)}" if client_id is None else client_id
        secret = f"{CREDENTIAL_PREFIX}{secrets.token_hex(16)}" if secret is None else secret
        check_credentials(client_id, secret)
        settings = None
        if token_ttl is not None or rate_limit is not None or switches:
            existing = self.world.environments.get(client_id)
            settings = existing.settings if existing else self.world.defaults
            settings = attrs.evolve(
                settings,
                token_ttl=settings.token_ttl if token_ttl is None else token_ttl,
                rate_limit=settings.rate_limit if rate_limit is None else rate_limit,
                behaviour=change(settings.behaviour, switches),
            )
        environment = self.world.add_environment(client_id, secret, settings)
        self.world.subscribers.publish_change("environments", None)
        return Verbs(self.world, environment)

    def reset(self) -> None:
        """Empty the environment and set its clock, settings, faults, journal and counts back."""
        self.world.reset(self.only)
        self._tell("state", "faults", "clock", "journal")

    def seed(self, document: JsonValue) -> SeedResult:
        """Add tenants and users.

        Raises:
            ValueError: Something does not fit, and nothing was added.
        """
        sown = seeds.add_seed(self.one, seeds.read_seed(document))
        self.world.commit(self.one)
        self.world.subscribers.publish_change("state", self.one.client_id)
        return sown

    def snapshot(self) -> environment_snapshots.Snapshot:
        """Return the state."""
        return environment_snapshots.take(self.every)

    def restore(self, document: JsonValue) -> None:
        """Go back to a snapshot; other environments than those in it are forgotten, unless the verbs are about one.

        Raises:
            ValueError: It is no snapshot, and nothing has changed.
        """
        snapshot = environment_snapshots.read(document)
        if self.only is None:
            self.world.restore(snapshot.environments)
            self._tell("environments", "state", "clock")
            return
        if len(snapshot.environments) != 1:
            raise ValueError("the snapshot must have exactly one environment to be restored into one")
        self.world.restore_into(self.only, snapshot.environments[0])
        self._tell("state", "clock")

    def user_token(
        self,
        *,
        tenant_id: str,
        email: str | None = None,
        user_id: str | None = None,
        tenant_ids: Iterable[str] | None = None,
        permissions: Iterable[str] | None = None,
        roles: Iterable[str] | None = None,
        type: str = "userToken",
        expires_in: float | None = None,
    ) -> UserToken:
        """Issue a user token. What is not given is taken from the user of the environment that has the id or e-mail.

        Raises:
            ValueError: A value is not allowed.
        """
        environment = self.one
        if not text(tenant_id, "tenant_id"):
            raise ValueError("tenant_id must not be empty")
        optional_text(email, "email")
        optional_text(user_id, "user_id")
        if type not in TOKEN_TYPES:
            raise ValueError(f"type must be one of {', '.join(TOKEN_TYPES)}")
        ttl = USER_TOKEN_TTL if expires_in is None else seconds(expires_in, "expires_in")
        user = _find_user(environment, user_id, email)
        subject = user_id or (user.id if user else _new_user_id(environment, email))
        held = texts(tenant_ids, "tenant_ids") if tenant_ids is not None else (user.tenant_ids if user else ())
        given: dict[str, JsonValue] = {
            "tenantId": tenant_id,
            "tenantIds": list(dict.fromkeys((tenant_id, *held))),
            "type": type,
        }
        for name, values in (("roles", roles), ("permissions", permissions)):
            if values is not None:
                given[name] = [*texts(values, name)]
        if email:
            given["email"] = email
        if user is None:
            given = {**_nobody(subject), **given}
        claims = given if user is None else {**token_sessions.user_claims(user, tenant_id), **given}
        if type in API_TOKEN_TYPES:
            claims = given = _of_api_token(environment, claims, email)
        kind: SessionKind = "api_token" if type in API_TOKEN_TYPES else "user"
        session = token_sessions.begin(environment, claims, kind=kind, ttl=ttl, carried=given)
        self.world.commit(environment)
        return UserToken(access_token=session.access_token, refresh_token=session.refresh_token, expires_in=ttl)

    def access_token(
        self,
        *,
        tenant_id: str,
        user_id: str | None = None,
        id: str | None = None,
        permissions: Iterable[str] | None = None,
        roles: Iterable[str] | None = None,
        expires_in: float | None = None,
    ) -> IssuedAccessToken:
        """Make an access token of a tenant, or of a user of it.

        Raises:
            ValueError: There is no such tenant or user, or a value is not allowed.
        """
        environment = self.one
        optional_text(user_id, "user_id")
        optional_text(id, "id")
        if text(tenant_id, "tenant_id") not in environment.state.tenants:
            raise ValueError(f"there is no tenant {tenant_id!r}")
        user = None if user_id is None else environment.state.users.get(user_id)
        if user_id is not None and (user is None or tenant_id not in user.tenant_ids):
            raise ValueError(f"there is no user {user_id!r} in tenant {tenant_id!r}")
        if id is not None and (not is_valid_tenant_id(id) or id in environment.state.table(AccessTokenRow)):
            raise ValueError("id is not a valid id, or there is such an access token already")
        now = environment.clock.now()
        ends = None if expires_in is None else now + seconds(expires_in, "expires_in")
        row = AccessTokenRow(
            id=id or environment.new_id(),
            tenant_id=tenant_id,
            user_id=user_id,
            created_at=timestamp(now),
            permissions=None if permissions is None else tuple(texts(permissions, "permissions")),
            roles=None if roles is None else tuple(texts(roles, "roles")),
            expires=None if ends is None else timestamp(ends),
        )
        secret = issue(environment, row)
        self.world.commit(environment)
        return IssuedAccessToken(id=row.id, tenant_id=tenant_id, user_id=user_id, secret=secret)

    def clock(self, *, advance: float | None = None, freeze: bool | None = None) -> datetime:
        """Stop the clock or let it run, and set it forward; return the moment that it is then.

        Raises:
            ValueError: ``advance`` is no number, or ``freeze`` no flag, or the moment is out of range.
        """
        if freeze is not None:
            flag(freeze, "freeze")
        environments = self.every
        for environment in environments:
            environment.clock.check_advance(0.0 if advance is None else advance)
        for environment in environments:
            if freeze is not None:
                environment.clock.freeze(freeze)
            environment.clock.advance(advance or 0.0)
            environment.settings_changed = True
        self.world.commit(*environments)
        self._tell("clock")
        return datetime.fromtimestamp(self.one.clock.now(), UTC)

    def add_fault(self, document: Mapping[str, JsonValue]) -> str:
        """Arm a fault; return its id.

        Raises:
            ValueError: Something is missing, unknown or out of range.
        """
        match, stage, action = parse_fault(plain_json(document, "the fault"))
        fault = Fault(id=self.world.new_fault_id(), match=match, stage=stage, action=action)
        self.book.add(fault)
        self._tell("faults")
        return fault.id

    def faults(self) -> list[tuple[Fault, int]]:
        """Return the faults, each with how often it acted."""
        return self.book.faults()

    def delete_fault(self, fault_id: str) -> None:
        """Disarm a fault.

        Raises:
            LookupError: There is none with that id.
            ValueError: ``fault_id`` is no text.
        """
        if not self.book.remove(text(fault_id, "fault_id")):
            raise LookupError(f"there is no fault {fault_id!r}")
        self._tell("faults")

    def delete_faults(self) -> None:
        """Disarm all faults."""
        self.book.clear()
        self._tell("faults")

    def journal(self) -> list[JournalEntry]:
        """Return the requests in the order in which they arrived; the oldest may have been dropped, as `stats` says."""
        return self.world.journal.entries(self.client_id)

    def clear_journal(self) -> None:
        """Forget the requests so far."""
        self.world.journal.clear(self.client_id)
        self._tell("journal")

    def stats(self) -> Stats:
        """Return what was counted."""
        client_id = self.client_id
        requests: dict[str, int] = {}
        for (environment, route), count in self.world.requests.items():
            if client_id in (None, environment):
                requests[route] = requests.get(route, 0) + count
        return Stats(
            tokens_issued=sum(environment.tokens_issued for environment in self.every),
            requests=requests,
            connections_open=self.world.connections.open_now(client_id),
            connections_ever=self.world.connections.ever(client_id),
            journal_dropped=self.world.journal.dropped(client_id),
        )

    def revoke_tokens(self) -> None:
        """Refuse every token that was issued so far."""
        for environment in self.every:
            environment.revoke_tokens()
        self.world.commit(*self.every)

    def divergences(self) -> list[dict[str, JsonValue]]:
        """Return the behaviours that no source settles, with their switches and values."""
        return describe(self.one.behaviour)

    def set_divergences(self, values: Mapping[str, JsonValue]) -> None:
        """Set switches.

        Raises:
            ValueError: There is no such switch, or it does not take the value.
        """
        switches = mapping(values, "divergences")
        changed = [(each, change(each.behaviour, switches)) for each in self.every]
        for environment, new in changed:
            environment.settings = attrs.evolve(environment.settings, behaviour=new)
            environment.settings_changed = True
        self.world.commit(*self.every)

    def set_divergence(self, name: str, value: JsonValue) -> None:
        """Set a switch.

        Raises:
            ValueError: There is no such switch, or it does not take the value.
        """
        self.set_divergences({text(name, "name"): value})

    def set_txt_records(self, host: str, values: Iterable[str]) -> None:
        """Put the TXT records of a host in the place of those before; none takes them away.

        Raises:
            ValueError: ``host`` is no name, or ``values`` are no texts.
        """
        given = tuple(texts(values, "values"))
        if not host_key(text(host, "host")):
            raise ValueError("host must be the name of a host")
        environment = self.one
        row = TxtRecordsRow(id=host_key(host), values=given)
        if given:
            environment.state.put(row)
        elif row.id in environment.state.table(TxtRecordsRow):
            environment.state.remove(TxtRecordsRow, row.id)
        self.world.commit(environment)

    def openapi(self) -> dict[str, object]:
        """Return the OpenAPI document of what is served."""
        from frontegg_async.emulator.openapi.document import document  # noqa: PLC0415 - made when it is asked for

        return document()

    def environments(self) -> dict[str, object]:
        """Return the environments, or the one, with how many tenants and users they have; no secrets."""
        return {"environments": [views.environment(each) for each in self.every]}

    def tenants(self) -> dict[str, object]:
        """Return the tenants, each with what a tree shows."""
        return views.tenants(self.one)

    def tenant(self, tenant_id: str) -> StoredTenant:
        """Return a tenant with all that is kept of it.

        Raises:
            LookupError: There is none with that id.
        """
        return views.tenant(self.one, text(tenant_id, "tenant_id"))

    def users(self) -> dict[str, object]:
        """Return the users without their passwords."""
        return views.users(self.one)

    def read_clock(self) -> dict[str, JsonValue]:
        """Return the moment that it is, and whether the clock stands still."""
        return views.clock(self.one)

    def health(self) -> dict[str, JsonValue]:
        """Return that it serves."""
        return {"status": "ok"}

    def _tell(self, *subjects: Subject) -> None:
        for subject in subjects:
            self.world.subscribers.publish_change(subject, self.client_id)


def _find_user(environment: EmulatedEnvironment, user_id: str | None, email: str | None) -> UserRow | None:
    users = environment.state.users
    if user_id:
        return users.get(user_id)
    if not email:
        return None
    named = (user for user in environment.state.users_named(email) if user.email == email)
    return users.get(seeds.user_id_of(email)) or next(named, None)


def _nobody(subject: str) -> dict[str, JsonValue]:
    """Return the claims of somebody whom the environment does not have."""
    return {
        "sub": subject,
        "roles": [],
        "permissions": [],
        "email": f"{subject}@users.example",
        "name": None,
        "metadata": {},
    }


def _of_api_token(
    environment: EmulatedEnvironment, claims: Mapping[str, JsonValue], email: str | None
) -> dict[str, JsonValue]:
    """Return the claims of an API token of somebody whose claims as a user these are."""
    said: dict[str, JsonValue] = {**claims, "createdByUserId": None}
    if claims["type"] == "userApiToken":
        said |= {
            "sub": environment.new_id(),
            "userId": claims["sub"],
            "userMetadata": claims["metadata"],
            "metadata": {},
        }
    elif email is None:
        # A tenant has neither.
        del said["email"], said["name"]
    return said


def _new_user_id(environment: EmulatedEnvironment, email: str | None) -> str:
    return seeds.user_id_of(email) if email else environment.new_id()
