"""`AsyncEmulatorHandle`: an emulator in this program, with awaitable verbs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, cast

import msgspec

from frontegg_async._values.json_values import JsonValue
from frontegg_async.emulator.admin.api import describe_fault
from frontegg_async.emulator.admin.token_verbs import IssuedAccessToken, UserToken
from frontegg_async.emulator.admin.verbs import Stats, Verbs
from frontegg_async.emulator.world.journal import JournalEntry
from frontegg_async.emulator.world.seeds import SeedResult, seed_document
from frontegg_async.options import Options

if TYPE_CHECKING:
    from frontegg_async.client import AsyncFrontegg


class AsyncEmulatorHandle:
    """An emulator that runs in the event loop of this program, seen through one of its environments or through all.

    ``async with Emulator() as emulator`` gives a handle on the whole emulator; `create_environment` and `environment`
    give one on a single environment, isolated from all others.
    """

    def __init__(self, url: str, verbs: Verbs) -> None:
        self._url = url
        self._verbs = verbs

    @property
    def url(self) -> str:
        """The origin that it serves, for ``base_url``."""
        return self._url

    @property
    def client_id(self) -> str:
        """The client id of the environment, or of the default one."""
        return self._verbs.one.client_id

    @property
    def secret(self) -> str:
        """The secret that goes with the client id."""
        return self._verbs.one.secret

    def client(
        self, *, options: Options | None = None, max_connections: int = 100, app: str | None = None
    ) -> AsyncFrontegg:
        """Return a new client of the environment; close it, or use it with ``async with``.

        Args:
            options: The client's options.
            max_connections: How many connections it may have.
            app: Its name in the user agent.
        """
        from frontegg_async.client import AsyncFrontegg  # noqa: PLC0415 - the emulator does not need the client

        return AsyncFrontegg(
            self.client_id,
            self.secret,
            base_url=self.url,
            options=options,
            max_connections=max_connections,
            app=app,
        )

    def environment(self, client_id: str) -> AsyncEmulatorHandle:
        """Return a handle on one environment.

        Raises:
            LookupError: There is none with that id.
        """
        return AsyncEmulatorHandle(self._url, self._verbs.environment(client_id))

    async def create_environment(
        self,
        *,
        client_id: str | None = None,
        secret: str | None = None,
        token_ttl: float | None = None,
        rate_limit: int | None = None,
        divergences: Mapping[str, str | int] | None = None,
    ) -> AsyncEmulatorHandle:
        """Add an environment and return a handle on it; one that exists gets the secret and settings.

        Args:
            client_id: An id that starts with ``emu_``; made up by default.
            secret: A secret that starts with ``emu_``; made up by default.
            token_ttl: Seconds that its tokens are good for.
            rate_limit: Requests a minute on each route.
            divergences: Switches to set.

        Raises:
            ValueError: A value is not allowed.
        """
        return AsyncEmulatorHandle(
            self._url,
            self._verbs.create_environment(
                client_id=client_id,
                secret=secret,
                token_ttl=token_ttl,
                rate_limit=rate_limit,
                divergences=divergences,
            ),
        )

    async def reset(self) -> None:
        """Empty it, and set clock, settings, faults, journal and counts back.

        Credentials and tokens stay good; sessions end, since their users are gone.
        """
        self._verbs.reset()

    async def seed(
        self,
        document: Mapping[str, JsonValue] | None = None,
        *,
        tenants: Sequence[Mapping[str, JsonValue]] = (),
        users: Sequence[Mapping[str, JsonValue]] = (),
    ) -> SeedResult:
        """Add tenants, in any order, and users.

        Args:
            document: All of it, as ``{"tenants": [...], "users": [...]}``, in place of the other two.
            tenants: Each with ``tenantId``, ``name`` and any other field of a tenant, ``parentTenantId`` included.
            users: Each with ``email`` and ``tenantId``, and ``id``, ``tenantIds``, ``permissions`` and others.

        Raises:
            ValueError: Something does not fit, and nothing was added.
        """
        return self._verbs.seed(seed_document(document, tenants, users))

    async def snapshot(self) -> dict[str, JsonValue]:
        """Return the whole state as JSON values."""
        return cast("dict[str, JsonValue]", msgspec.to_builtins(self._verbs.snapshot()))

    async def restore(self, snapshot: Mapping[str, JsonValue]) -> None:
        """Go back to a snapshot.

        Raises:
            ValueError: It is no snapshot, and nothing has changed.
        """
        self._verbs.restore(snapshot)

    async def user_token(
        self,
        *,
        tenant_id: str,
        email: str | None = None,
        user_id: str | None = None,
        tenant_ids: Sequence[str] | None = None,
        permissions: Sequence[str] | None = None,
        roles: Sequence[str] | None = None,
        type: str = "userToken",
        expires_in: float | None = None,
    ) -> UserToken:
        """Issue a user token; what is not given is taken from the user that has the id or e-mail, if there is one.

        Args:
            tenant_id: The tenant that the user is in.
            email: The user's e-mail address.
            user_id: The user's id.
            tenant_ids: All tenants that the user belongs to.
            permissions: What the user may do.
            roles: The user's roles.
            type: The type of the token.
            expires_in: Seconds that it is good for; 24 hours by default.

        Raises:
            ValueError: A value is not allowed.
        """
        return self._verbs.user_token(
            tenant_id=tenant_id,
            email=email,
            user_id=user_id,
            tenant_ids=tenant_ids,
            permissions=permissions,
            roles=roles,
            type=type,
            expires_in=expires_in,
        )

    async def access_token(
        self,
        *,
        tenant_id: str,
        user_id: str | None = None,
        id: str | None = None,
        permissions: Sequence[str] | None = None,
        roles: Sequence[str] | None = None,
        expires_in: float | None = None,
    ) -> IssuedAccessToken:
        """Make an access token of a tenant, or of a user of it.

        Args:
            tenant_id: The tenant, which must exist.
            user_id: The user, who must be in the tenant; without one the token is the tenant's own.
            id: Its id, the subject of its JWT; made up by default.
            permissions: What it may do; by default nothing, or what its user may.
            roles: Its roles; by default none, or those of its user.
            expires_in: Seconds that it is good for; without end by default.

        Returns:
            Its id, and in ``secret`` the JWT that travels in ``x-api-key``.

        Raises:
            ValueError: There is no such tenant or user, or a value is not allowed.
        """
        return self._verbs.access_token(
            tenant_id=tenant_id, user_id=user_id, id=id, permissions=permissions, roles=roles, expires_in=expires_in
        )

    async def revoke_tokens(self) -> None:
        """Refuse every token that was issued so far."""
        self._verbs.revoke_tokens()

    async def clock(self, *, advance: float | None = None, freeze: bool | None = None) -> datetime:
        """Stop the clock or let it run, and set it; the emulator refuses expired tokens by it.

        A `TokenVerifier` goes by the clock of its machine: a token that is issued while this clock is set back has
        expired for it.

        Args:
            advance: Seconds to set it forward; negative ones set it back.
            freeze: Whether it stands still from now on.

        Returns:
            The moment that it is then.

        Raises:
            ValueError: A value is not allowed, or the moment is out of range.
        """
        return self._verbs.clock(advance=advance, freeze=freeze)

    async def is_clock_frozen(self) -> bool:
        """Return whether the clock of the environment, or of the default one, stands still."""
        return self._verbs.one.clock.frozen is not None

    async def add_fault(
        self, *, stage: str, action: Mapping[str, JsonValue], match: Mapping[str, JsonValue] | None = None
    ) -> str:
        """Arm a fault; return its id.

        Args:
            stage: ``accept``, ``before_commit``, ``after_commit``, ``in_headers``, ``in_body`` or ``idle``.
            action: As ``{"type": "reset"}``.
            match: As ``{"method": "POST", "path": "/tenants/*", "times": 1}``; by default every request.

        Raises:
            ValueError: Something is missing, unknown or out of range.
        """
        return self._verbs.add_fault({"stage": stage, "action": action, "match": match or {}})

    async def faults(self) -> list[dict[str, JsonValue]]:
        """Return the faults, each with its id and how often it fired."""
        return [describe_fault(*each) for each in self._verbs.faults()]

    async def delete_fault(self, fault_id: str) -> None:
        """Disarm a fault.

        Raises:
            LookupError: There is none with that id.
        """
        self._verbs.delete_fault(fault_id)

    async def delete_faults(self) -> None:
        """Disarm all faults."""
        self._verbs.delete_faults()

    async def journal(self) -> list[JournalEntry]:
        """Return the requests in the order in which they arrived.

        The journal keeps the newest (``max_journal`` of `Emulator`, 100,000 by default, of all environments together);
        ``stats().journal_dropped`` says how many older ones were dropped.
        """
        return self._verbs.journal()

    async def clear_journal(self) -> None:
        """Forget the requests so far."""
        self._verbs.clear_journal()

    async def stats(self) -> Stats:
        """Return what was counted."""
        return self._verbs.stats()

    async def divergences(self) -> list[dict[str, JsonValue]]:
        """Return the behaviours that no source settles, with their switches and values."""
        return self._verbs.divergences()

    async def set_divergence(self, name: str, value: str | int) -> None:
        """Set a switch.

        Raises:
            ValueError: There is no such switch, or it does not take the value.
        """
        self._verbs.set_divergence(name, value)

    async def set_txt_records(self, host: str, values: Sequence[str]) -> None:
        """Publish TXT records in the DNS that the emulator knows, in the place of those that the host had before.

        The validation of an SSO domain looks at them with ``sso_domain_validation`` set to ``published``.

        Args:
            host: The name of the host, as the ``txt_record`` of an SSO domain.
            values: The texts; none takes the records away.

        Raises:
            ValueError: ``host`` is empty, or ``values`` is no sequence of texts.
        """
        self._verbs.set_txt_records(host, values)

    async def openapi(self) -> dict[str, object]:
        """Return the OpenAPI document of what is served."""
        return self._verbs.openapi()

    async def health(self) -> dict[str, JsonValue]:
        """Return that it serves."""
        return self._verbs.health()
