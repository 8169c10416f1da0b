"""An environment: its credentials, settings, data, clock and tokens."""

from __future__ import annotations

import hmac
import math
import random
import uuid
from collections.abc import Callable, Mapping
from typing import Final, cast

import attrs

from frontegg_async._values.json_values import JsonValue
from frontegg_async.emulator.behaviour.switches import DEFAULT, Behaviour
from frontegg_async.emulator.checks.arguments import seconds, whole
from frontegg_async.emulator.store.gradual_free import free_gradually
from frontegg_async.emulator.store.state import State
from frontegg_async.emulator.world.clock import Clock
from frontegg_async.emulator.world.grants import Grant
from frontegg_async.emulator.world.rate_windows import RateWindows
from frontegg_async.emulator.world.signing_key import SigningKey

CREDENTIAL_PREFIX: Final = "emu_"
DEFAULT_CLIENT_ID: Final = "emu_client"
DEFAULT_SECRET: Final = "emu_secret"  # noqa: S105 - public on purpose, refused by every real service
TOKEN_TTL: Final = 86_400.0
_FAR_AWAY: Final = 100 * 365 * 86_400
"""Seconds until the end of an access token that does not expire, where its JWT has to name one."""

_VENDORS: Final = uuid.UUID("5c1ee6ef-3b1a-4d4c-9f0f-5f8c2b6b7a10")
_SCOPES: Final = ("read", "write")
_RANDOM: Final = ~(0xF000 << 64 | 0xC000 << 48)
_VERSION_4: Final = 0x4000 << 64 | 0x8000 << 48


def vendor_id_of(client_id: str) -> str:
    """Return the service's own id of an environment."""
    return str(uuid.uuid5(_VENDORS, client_id))


def _forget(_token: str, _grant: Grant) -> None:
    """Remember nothing of a token that was issued."""


def _token_ttl(value: float) -> float:
    return seconds(value, "token_ttl")


def _rate_limit(value: int | None) -> int | None:
    return None if value is None else whole(value, "rate_limit", 1)


@attrs.frozen(kw_only=True)
class EnvironmentSettings:
    """How an environment behaves until it is told otherwise.

    Args:
        token_ttl: Seconds that its tokens are good for.
        rate_limit: Requests a minute on each route; ``None`` for no limit.
        behaviour: The assumptions that it runs by.

    Raises:
        ValueError: ``token_ttl`` or ``rate_limit`` is out of range.
    """

    token_ttl: float = attrs.field(default=TOKEN_TTL, converter=_token_ttl)
    rate_limit: int | None = attrs.field(default=None, converter=_rate_limit)
    behaviour: Behaviour = DEFAULT


@attrs.define(eq=False)
class EmulatedEnvironment:
    """One environment. Nothing that happens in it is seen in another.

    Args:
        client_id: The id that it authenticates with.
        secret: The secret that goes with it.
        key: What tokens are signed with.
        defaults: The settings that a reset goes back to.
        issuer: The origin that tokens name as theirs.
        clock: The clock that everything in it goes by.
        rng: The source of new ids.
        remember: Takes each token that is issued, with what it entitles to: its own claims say only to the second
            when it ends.
    """

    client_id: str
    secret: str = attrs.field(repr=False)
    key: SigningKey = attrs.field(repr=False)
    defaults: EnvironmentSettings = attrs.field(factory=EnvironmentSettings)
    issuer: str = "http://127.0.0.1"
    clock: Clock = attrs.field(factory=Clock)
    rng: random.Random = attrs.field(factory=random.Random, repr=False)
    remember: Callable[[str, Grant], None] = attrs.field(default=_forget, repr=False)
    state: State = attrs.field(factory=State, repr=False, init=False)
    settings: EnvironmentSettings = attrs.field(
        default=attrs.Factory(lambda self: self.defaults, takes_self=True), init=False
    )
    limits: RateWindows = attrs.field(factory=RateWindows, repr=False, init=False)
    vendor_id: str = attrs.field(init=False)
    tokens_issued: int = attrs.field(default=0, init=False)
    earliest_issue: float = attrs.field(default=0.0, init=False)
    """Tokens issued before are revoked."""
    latest_issue: float = attrs.field(default=0.0, init=False)
    settings_changed: bool = attrs.field(default=True, init=False)

    def __attrs_post_init__(self) -> None:
        self.vendor_id = vendor_id_of(self.client_id)

    @property
    def behaviour(self) -> Behaviour:
        """The assumptions that it runs by."""
        return self.settings.behaviour

    def reset(self) -> None:
        """Empty it and set everything back, but for credentials and the tokens that were handed out."""
        self.replace_state(State())
        self.settings = self.defaults
        self.limits = RateWindows()
        self.clock.reset()
        self.tokens_issued = 0
        self.settings_changed = True

    def replace_state(self, state: State) -> None:
        """Put other data in the place of what is there, which is gone then."""
        before, self.state = self.state, state
        free_gradually(before.containers())

    def new_id(self) -> str:
        """Return a new UUID."""
        # As uuid.UUID writes it, in a quarter of the time: a seed may have a million.
        text = f"{self.rng.getrandbits(128) & _RANDOM | _VERSION_4:032x}"
        return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"

    def secret_is(self, secret: str) -> bool:
        """Whether a secret is this environment's."""
        return hmac.compare_digest(self.secret.encode(), secret.encode("utf-8", "surrogatepass"))

    def issue_vendor_token(self) -> tuple[str, Grant]:
        """Sign a new environment token."""
        ttl = self.settings.token_ttl
        issued, expires = self._lifetime(ttl)
        claims = {
            "vendorId": self.vendor_id,
            "scopes": list(_SCOPES),
            "type": "vendor",
            "iat": issued,
            "exp": issued + math.ceil(ttl),
        }
        token = self.key.sign(claims, named=False)
        grant = Grant(kind="vendor", client_id=self.client_id, issued=issued, expires=expires)
        self.remember(token, grant)
        return token, grant

    def issue_user_token(self, claims: Mapping[str, JsonValue], ttl: float) -> tuple[str, Grant]:
        """Sign a new user token; ``claims`` has those that are the user's own, ``sub`` and ``tenantId`` among them."""
        issued, expires = self._lifetime(ttl)
        whole = {
            **claims,
            "iss": self.issuer,
            "aud": self.client_id,
            "iat": issued,
            "exp": issued + math.ceil(ttl),
        }
        token = self.key.sign(whole, named=True)
        grant = self.user_grant(whole, expires)
        self.remember(token, grant)
        return token, grant

    def sign_access_token(self, claims: Mapping[str, JsonValue], expires: float | None) -> str:
        """Sign the JWT of an access token, which is no credential of the service's own routes.

        Args:
            claims: Those that are the token's own, ``sub``, ``type`` and ``tenantId`` among them.
            expires: When it ends, in seconds since the epoch; ``None`` for one that does not.
        """
        issued = math.floor(self.clock.now())
        if expires is None and self.behaviour.endless_access_token == "far_exp":  # noqa: S105 - no password
            expires = issued + _FAR_AWAY
        end: dict[str, JsonValue] = {} if expires is None else {"exp": math.floor(expires)}
        return self.key.sign({**claims, "aud": self.client_id, "iss": self.issuer, "iat": issued, **end}, named=True)

    def user_grant(self, claims: Mapping[str, object], expires: float) -> Grant:
        """Return what the claims of a user token entitle to."""
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
        """Refuse every token that was issued so far."""
        self.earliest_issue = math.floor(max(self.clock.now(), self.latest_issue)) + 1
        self.settings_changed = True

    def accepts(self, grant: Grant) -> bool:
        """Whether a token is neither expired nor revoked."""
        return self.clock.now() < grant.expires and grant.issued >= self.earliest_issue

    def _lifetime(self, ttl: float) -> tuple[int, float]:
        now = self.clock.now()
        # Tokens have no id: one issued in the second of a revocation must differ from those that were revoked.
        issued = max(math.floor(now), math.ceil(self.earliest_issue))
        self.latest_issue = max(self.latest_issue, issued)
        self.tokens_issued += 1
        return issued, now + ttl
