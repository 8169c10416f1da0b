"""`EmulatedEnvironment`: one environment with its credentials, settings, data, clock and tokens."""

from __future__ import annotations

import hmac
import math
import random
import time
import uuid
from collections import Counter, deque
from collections.abc import Callable, Mapping
from typing import Final, cast

import attrs

from frontegg_async._values.json_values import JsonValue
from frontegg_async.emulator.checks.arguments import seconds, whole
from frontegg_async.emulator.store.gradual_free import free_gradually
from frontegg_async.emulator.store.state import State
from frontegg_async.emulator.store.switches import DEFAULT, Switches
from frontegg_async.emulator.world.clock import Clock
from frontegg_async.emulator.world.events import EmulatedEvent, TrailEntry
from frontegg_async.emulator.world.grants import Grant
from frontegg_async.emulator.world.rate_windows import RateWindows
from frontegg_async.emulator.world.recent_writes import RecentWrites
from frontegg_async.emulator.world.signing_key import SigningKey

CREDENTIAL_PREFIX: Final = "emu_"
DEFAULT_CLIENT_ID: Final = "emu_client"
DEFAULT_SECRET: Final = "emu_secret"  # noqa: S105 - public on purpose, refused by every real service
MAX_TRAIL: Final = 10_000
"""The maximum number of events in the audit log."""
TOKEN_TTL: Final = 86_400.0
_VENDORS: Final = uuid.UUID("5c1ee6ef-3b1a-4d4c-9f0f-5f8c2b6b7a10")
_SCOPES: Final = ("read", "write")
_RANDOM: Final = ~(0xF000 << 64 | 0xC000 << 48)
"""The mask of the random bits in a UUID of version 4. The other bits are the version and the variant."""
_VERSION_4: Final = 0x4000 << 64 | 0x8000 << 48


def vendor_id_of(client_id: str) -> str:
    """Return the vendor id, which is the service's internal id of an environment."""
    return str(uuid.uuid5(_VENDORS, client_id))


def _forget(_token: str, _grant: Grant) -> None:
    """Ignore an issued token. This is the default of ``remember``."""


def _token_ttl(value: float) -> float:
    return seconds(value, "token_ttl")


def _rate_limit(value: int | None) -> int | None:
    return None if value is None else whole(value, "rate_limit", 1)


@attrs.frozen(kw_only=True)
class EmulatedSettings:
    """The settings of an environment.

    Args:
        token_ttl: The lifetime, in seconds, of the environment's tokens.
        rate_limit: The maximum number of requests a minute on each route, or ``None`` for no limit.
        switches: The switches of the environment.

    Raises:
        ValueError: ``token_ttl`` or ``rate_limit`` is out of range.
    """

    token_ttl: float = attrs.field(default=TOKEN_TTL, converter=_token_ttl)
    rate_limit: int | None = attrs.field(default=None, converter=_rate_limit)
    switches: Switches = DEFAULT


@attrs.define(eq=False)
class EmulatedEnvironment:
    """One environment. Its data, settings and clock are isolated from those of all other environments.

    Args:
        client_id: The id with which the environment authenticates.
        secret: The secret that belongs to the client id.
        key: The key that signs the environment's tokens.
        defaults: The settings that apply after a reset.
        issuer: The origin of the server. It is the issuer in tokens.
        clock: The clock of the environment.
        rng: The random generator of new ids.
        remember: The function that receives each issued token with its grant. The expiry in the grant is exact; the
        expiry in the claims is rounded to seconds.
    """

    client_id: str
    secret: str = attrs.field(repr=False)
    key: SigningKey = attrs.field(repr=False)
    defaults: EmulatedSettings = attrs.field(factory=EmulatedSettings)
    issuer: str = "http://127.0.0.1"
    clock: Clock = attrs.field(factory=Clock)
    rng: random.Random = attrs.field(factory=random.Random, repr=False)
    remember: Callable[[str, Grant], None] = attrs.field(default=_forget, repr=False)
    state: State = attrs.field(factory=State, repr=False, init=False)
    settings: EmulatedSettings = attrs.field(
        default=attrs.Factory(lambda self: self.defaults, takes_self=True), init=False
    )
    limits: RateWindows = attrs.field(factory=RateWindows, repr=False, init=False)
    vendor_id: str = attrs.field(init=False)
    tokens_issued: int = attrs.field(default=0, init=False)
    earliest_issue: float = attrs.field(default=0.0, init=False)
    """Tokens that were issued before this time are revoked."""
    latest_issue: float = attrs.field(default=0.0, init=False)
    settings_changed: bool = attrs.field(default=True, init=False)
    revision: int = attrs.field(default=0, init=False)
    """The number of changes of the environment's data so far."""
    table_changes: Counter[str] = attrs.field(factory=Counter[str], repr=False, init=False)
    """For each table of rows, the number of commits since `loaded_at` that changed or replaced the table."""
    loaded_at: int = attrs.field(factory=lambda: time.time_ns() // 1_000_000, repr=False, init=False)
    """The time when the environment was created or read from a file, in milliseconds since 1970."""
    events: list[EmulatedEvent] = attrs.field(factory=list[EmulatedEvent], repr=False, init=False)
    """The events since the last commit."""
    trail: deque[TrailEntry] = attrs.field(factory=lambda: deque(maxlen=MAX_TRAIL), repr=False, init=False)
    """The events since the start or the last reset, for the audit log. They are not written to the persistence file."""

    recent_writes: RecentWrites = attrs.field(factory=RecentWrites, repr=False, init=False)
    """The versions of tenants before recent writes. They are kept if a switch lets reads return old data."""

    def __attrs_post_init__(self) -> None:
        self.vendor_id = vendor_id_of(self.client_id)

    @property
    def switches(self) -> Switches:
        """The switches of the environment."""
        return self.settings.switches

    def reset(self) -> None:
        """Delete all data and reset all settings. Credentials and issued tokens stay valid."""
        self.replace_state(State())
        self.settings = self.defaults
        self.limits = RateWindows()
        self.clock.reset()
        self.trail.clear()
        self.tokens_issued = 0
        self.settings_changed = True

    def replace_state(self, state: State) -> None:
        """Replace all data, and free the memory of the former data."""
        before, self.state = self.state, state
        self.recent_writes.clear()
        free_gradually(before.containers())

    def emit(
        self,
        key: str,
        subject: object,
        *,
        tenant_id: str,
        user_id: str | None = None,
        application_id: str | None = None,
    ) -> None:
        """Record an event. The webhooks that subscribe to it are called after the change is committed.

        Rules call this method after a change of the state. Seeds, snapshots and changes by the admin API emit no
        events.

        Args:
            key: The event key, such as ``frontegg.tenant.created``.
            subject: The object that the event concerns, as a value that can be encoded as JSON: a row, or a dictionary
                that no longer changes. It must not contain secrets.
            tenant_id: The id of the tenant that the event concerns.
            user_id: The id of the user that the event concerns.
            application_id: The id of the application that the event concerns.
        """
        self.events.append(
            EmulatedEvent(key=key, subject=subject, tenant_id=tenant_id, user_id=user_id, application_id=application_id)
        )
        audit_id = str(uuid.uuid4())  # not from the seeded `rng`, so that audits do not change the ids of rows
        at = self.clock.timestamp()
        self.trail.append(TrailEntry(id=audit_id, at=at, key=key, tenant_id=tenant_id, user_id=user_id))

    def take_events(self) -> list[EmulatedEvent]:
        """Return the events since the last call of this method."""
        taken, self.events = self.events, []
        return taken

    def new_id(self) -> str:
        """Return a new UUID."""
        # A uuid.UUID would take four times as long, and a seed may need a million ids.
        text = (self.rng.getrandbits(128) & _RANDOM | _VERSION_4).to_bytes(16).hex()
        return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"

    def secret_is(self, secret: str) -> bool:
        """Return whether a text is the secret of this environment."""
        return hmac.compare_digest(self.secret.encode(), secret.encode("utf-8", "surrogatepass"))

    def issue_vendor_token(self) -> tuple[str, Grant]:
        """Issue an environment (vendor) token."""
        ttl = self.settings.token_ttl
        issued, expires = self._lifetime(ttl)
        claims = {
            "vendorId": self.vendor_id,
            "scopes": list(_SCOPES[:1] if self.switches.value("environment_credential") == "read_only" else _SCOPES),
            "type": "vendor",
            "iat": issued,
            "exp": issued + math.ceil(ttl),
        }
        token = self.key.sign(claims, named=False)
        grant = Grant(kind="vendor", client_id=self.client_id, issued=issued, expires=expires)
        self.remember(token, grant)
        return token, grant

    def issue_user_token(
        self,
        claims: Mapping[str, JsonValue],
        ttl: float,
        *,
        shape: Callable[[Mapping[str, JsonValue]], Mapping[str, JsonValue]] | None = None,
        algorithm: str = "RS256",
    ) -> tuple[str, Grant]:
        """Issue a user token.

        Args:
            claims: The claims of the user, including ``sub`` and ``tenantId``. The emulator uses these claims when it
                serves requests with the token.
            ttl: The lifetime of the token in seconds.
            shape: The function that converts the claims into the claims that the token contains.
            algorithm: The signature algorithm of the token.
        """
        issued, expires = self._lifetime(ttl)
        whole = {
            **claims,
            "iss": self.issuer,
            "aud": self.client_id,
            "iat": issued,
            "exp": issued + math.ceil(ttl),
        }
        shown = whole if shape is None else shape(whole)
        token = self.key.sign(shown, named=True, algorithm=algorithm)
        grant = self.user_grant(whole, expires)
        self.remember(token, grant)
        return token, grant

    def sign_access_token(self, claims: Mapping[str, JsonValue], expires: float | None) -> str:
        """Sign the JWT of an access token. The emulated routes do not accept this JWT as a credential.

        Args:
            claims: The claims of the token, including ``sub``, ``type`` and ``tenantId``.
            expires: The expiry in seconds since the epoch, or ``None`` if the token never expires.
        """
        issued = math.floor(self.clock.now())
        end: dict[str, JsonValue] = {} if expires is None else {"exp": math.floor(expires)}
        return self.key.sign({**claims, "aud": self.client_id, "iss": self.issuer, "iat": issued, **end}, named=True)

    def user_grant(self, claims: Mapping[str, object], expires: float) -> Grant:
        """Return the rights of a user token that has the given claims."""
        permissions = claims.get("permissions")
        return Grant(
            kind="user",
            client_id=self.client_id,
            issued=cast("float", claims["iat"]),
            expires=expires,
            subject=str(claims.get("sub", "")),
            tenant_id=str(claims.get("tenantId", "")),
            email=str(claims.get("email", "")),
            permissions=tuple(map(str, cast("list[object]", permissions))) if isinstance(permissions, list) else (),
            session=str(claims.get("sid", "")),
            claims=claims,
        )

    def revoke_tokens(self) -> None:
        """Revoke every token that has been issued so far."""
        self.earliest_issue = math.floor(max(self.clock.now(), self.latest_issue)) + 1
        self.settings_changed = True

    def accepts(self, grant: Grant) -> bool:
        """Return whether a token is neither expired nor revoked."""
        return self.clock.now() < grant.expires and grant.issued >= self.earliest_issue

    def _lifetime(self, ttl: float) -> tuple[int, float]:
        now = self.clock.now()
        # Tokens have no id. A token that is issued in the same second as a revocation must differ from the revoked
        # tokens.
        issued = max(math.floor(now), math.ceil(self.earliest_issue))
        self.latest_issue = max(self.latest_issue, issued)
        self.tokens_issued += 1
        return issued, now + ttl
