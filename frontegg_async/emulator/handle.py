"""`AsyncEmulatorHandle`: controls an emulator in this program, with awaitable verbs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, cast

import msgspec

from frontegg_async._values.json_values import JsonValue
from frontegg_async.emulator.admin.api import describe_fault
from frontegg_async.emulator.admin.deliveries import Delivery
from frontegg_async.emulator.admin.outbox import SentEmail
from frontegg_async.emulator.admin.recorded import RecordedExchange
from frontegg_async.emulator.admin.token_verbs import IssuedAccessToken, UserToken
from frontegg_async.emulator.admin.verbs import Stats, Verbs
from frontegg_async.emulator.world.journal import JournalEntry
from frontegg_async.emulator.world.seeds import SeedResult, seed_document
from frontegg_async.options import Options

if TYPE_CHECKING:
    from frontegg_async.client import AsyncFrontegg


class AsyncEmulatorHandle:
    """Controls an emulator that runs in the event loop of this program: one of its environments, or all of them.

    ``async with Emulator() as emulator`` returns a handle for the whole emulator; `create_environment` and
    `environment` return one for a single environment, which is isolated from all others.
    """

    def __init__(self, url: str, verbs: Verbs) -> None:
        self._url = url
        self._verbs = verbs

    @property
    def url(self) -> str:
        """The origin of the server, for ``base_url``."""
        return self._url

    @property
    def client_id(self) -> str:
        """The client id of the environment; without one, that of the default environment."""
        return self._verbs.one.client_id

    @property
    def secret(self) -> str:
        """The secret of the client id."""
        return self._verbs.one.secret

    def environ(self) -> dict[str, str]:
        """Return the variables that ``from_env()`` reads, with the address and credentials of the environment."""
        return {
            "FRONTEGG_BASE_URL": self.url,
            "FRONTEGG_CLIENT_ID": self.client_id,
            "FRONTEGG_SECRET_KEY": self.secret,
        }

    def client(
        self, *, options: Options | None = None, max_connections: int = 100, app: str | None = None
    ) -> AsyncFrontegg:
        """Return a new client of the environment; close it, or use it with ``async with``.

        Args:
            options: The options of the client.
            max_connections: The most connections that it opens, 1 to 10,000.
            app: The name of your application in the user agent.
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
        """Return a handle for one environment.

        Args:
            client_id: The client id of the environment.

        Raises:
            LookupError: There is none with that id.
        """
        return AsyncEmulatorHandle(self._url, self._verbs.environment(client_id))

    async def create_environment(
        self,
        *,
        client_id: str | None = None,
        secret: str | None = None,
        token_ttl: float | timedelta | None = None,
        rate_limit: int | None = None,
        switches: Mapping[str, str | int] | None = None,
        divergences: Mapping[str, str | int] | None = None,
    ) -> AsyncEmulatorHandle:
        """Add an environment, or change the secret and settings of an existing one; return a handle for it.

        Args:
            client_id: An id that starts with ``emu_``; a random one by default.
            secret: A secret that starts with ``emu_``; a random one by default.
            token_ttl: Lifetime of its tokens, in seconds.
            rate_limit: Requests a minute on each route.
            switches: Switches to change, with their values.
            divergences: The former name of ``switches``.

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
                switches=switches,
                divergences=divergences,
            ),
        )

    async def reset(self) -> None:
        """Empty it, and reset clock, settings, faults, journal and counts.

        Credentials and tokens stay valid; sessions end, since their users are removed.
        """
        self._verbs.reset()

    async def seed(
        self,
        document: Mapping[str, object] | None = None,
        *,
        tenants: Sequence[Mapping[str, object]] = (),
        users: Sequence[Mapping[str, object]] = (),
    ) -> SeedResult:
        """Add tenants, in any order, and users.

        Args:
            document: The whole seed, as ``{"tenants": [...], "users": [...]}``, instead of the other two.
            tenants: Each with ``tenantId`` and ``name``, and any other field of a tenant, also ``parentTenantId``.
            users: Each with ``email`` and ``tenantId``, and any of ``id``, ``tenantIds``, ``permissions`` and others.

        Raises:
            ValueError: Something conflicts; nothing was added.
        """
        return self._verbs.seed(seed_document(document, tenants, users))

    async def export_seed(self) -> dict[str, JsonValue]:
        """Return the data of the environment as a seed, which gives the same data in any emulator.

        It has tenants, users with their passwords, and in ``tables`` all that belongs to tenants, such as SSO
        configurations with their secrets. It has no sessions, deleted tenants, settings and times of the clock: a
        `snapshot` has those too. The service's internal ids of tenants are made anew.
        """
        return self._verbs.export_seed()

    async def import_seed(self, document: Mapping[str, JsonValue]) -> SeedResult:
        """Replace all data of the environment by a seed; its settings and its clock stay.

        Args:
            document: The seed, as `export_seed` returns it and `seed` takes it.

        Raises:
            ValueError: Something in the seed conflicts; nothing has changed.
        """
        return self._verbs.import_seed(document)

    async def update_user(self, user_id: str, changes: Mapping[str, JsonValue]) -> None:
        """Change fields of a user, such as its permissions.

        Args:
            user_id: The id of the user.
            changes: The fields to change, by their names in a seed, as ``{"permissions": [...]}``.

        Raises:
            LookupError: There is no such user.
            ValueError: A field is unknown, or its value not allowed; nothing has changed.
        """
        self._verbs.update_user(user_id, changes)

    async def delete_user(self, user_id: str) -> None:
        """Delete a user; its sessions end.

        Args:
            user_id: The id of the user.

        Raises:
            LookupError: There is no such user.
        """
        self._verbs.delete_user(user_id)

    async def snapshot(self) -> dict[str, JsonValue]:
        """Return the whole state as JSON values."""
        return cast("dict[str, JsonValue]", msgspec.to_builtins(self._verbs.snapshot()))

    async def restore(self, snapshot: Mapping[str, JsonValue]) -> None:
        """Restore a snapshot, which replaces the whole state.

        Args:
            snapshot: What `snapshot` returned, as it is or read back from JSON.

        Raises:
            ValueError: It is not a valid snapshot; nothing has changed.
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
        expires_in: float | timedelta | None = None,
    ) -> UserToken:
        """Issue a user token. Missing values are taken from the user with the id or e-mail address, if there is one.

        Args:
            tenant_id: The tenant that the token is for.
            email: The user's e-mail address.
            user_id: The user's id.
            tenant_ids: All tenants that the user belongs to.
            permissions: The permissions of the user.
            roles: The roles of the user.
            type: The type of the token: ``userToken``, ``userApiToken`` or ``tenantApiToken``.
            expires_in: Lifetime in seconds; 24 hours by default. With 0 or less, the tokens have expired already.

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
        expires_in: float | timedelta | None = None,
    ) -> IssuedAccessToken:
        """Issue an access token of a tenant, or of a user in it.

        Args:
            tenant_id: The tenant, which must exist.
            user_id: The user, who must be in the tenant; without one, the token belongs to the tenant.
            id: Its id, the subject of its JWT; a random one by default.
            permissions: Its permissions; by default those of its user, or none.
            roles: Its roles; by default those of its user, or none.
            expires_in: Lifetime in seconds; unlimited by default. With 0 or less, the token has expired already.

        Returns:
            Its id, and in ``secret`` the JWT for the header ``x-api-key``.

        Raises:
            ValueError: There is no such tenant or user, or a value is not allowed.
        """
        return self._verbs.access_token(
            tenant_id=tenant_id, user_id=user_id, id=id, permissions=permissions, roles=roles, expires_in=expires_in
        )

    async def revoke_tokens(self) -> None:
        """Revoke every token that was issued so far."""
        self._verbs.revoke_tokens()

    async def clock(self, *, advance: float | timedelta | None = None, freeze: bool | None = None) -> datetime:
        """Set the clock, stop it or let it run. The emulator refuses expired tokens by this clock.

        A verifier follows it if it is made with ``clock=emulator.time``.

        Args:
            advance: Seconds to set it forward, or back if negative.
            freeze: Whether it is stopped from now on.

        Returns:
            Its time after that.

        Raises:
            ValueError: A value is not allowed, or the time is out of range.
        """
        return self._verbs.clock(advance=advance, freeze=freeze)

    def time(self) -> float:
        """Return the time of the clock in seconds of the epoch, as `time.time` does.

        It is a clock for verifiers of tokens: ``clock=emulator.time``.
        """
        return self._verbs.one.clock.now()

    async def is_clock_frozen(self) -> bool:
        """Return whether the clock of the environment, or of the default environment, is stopped."""
        return self._verbs.one.clock.frozen is not None

    async def add_fault(
        self, *, stage: str, action: Mapping[str, object], match: Mapping[str, object] | None = None
    ) -> str:
        """Add a fault, which acts from now on; return its id.

        Args:
            stage: ``accept``, ``before_commit``, ``after_commit``, ``in_headers``, ``in_body`` or ``idle``; or
                ``delivery``, for calls of webhooks.
            action: What happens, such as ``{"type": "reset"}``.
            match: The requests, such as ``{"method": "POST", "path": "/tenants/*", "times": 1}``, or the calls of
                webhooks, such as ``{"event": "frontegg.tenant.*"}``; all by default.

        Raises:
            ValueError: Something is missing, unknown or out of range.
        """
        return self._verbs.add_fault({"stage": stage, "action": action, "match": match or {}})

    async def faults(self) -> list[dict[str, JsonValue]]:
        """Return the faults, each with its id and how often it has acted."""
        return [describe_fault(*each) for each in self._verbs.faults()]

    async def delete_fault(self, fault_id: str) -> None:
        """Remove a fault.

        Args:
            fault_id: What `add_fault` returned.

        Raises:
            LookupError: There is none with that id.
        """
        self._verbs.delete_fault(fault_id)

    async def delete_faults(self) -> None:
        """Remove all faults."""
        self._verbs.delete_faults()

    async def journal(self) -> list[JournalEntry]:
        """Return the requests in the order of their arrival.

        The journal has the newest requests: ``max_journal`` of `Emulator`, by default 100,000 of all environments
        together. ``stats().journal_dropped`` is how many older ones were dropped.
        """
        return self._verbs.journal()

    async def recorded_exchange(self, trace_id: str) -> RecordedExchange:
        """Return the headers and bodies of a request in the journal and of its response, with secrets redacted.

        Args:
            trace_id: The ``trace_id`` of the journal entry.

        Raises:
            LookupError: The emulator runs without ``journal_bodies``, or it no longer has those of this request.
        """
        return self._verbs.recorded_exchange(trace_id)

    async def clear_journal(self) -> None:
        """Delete the requests so far."""
        self._verbs.clear_journal()

    async def deliveries(self) -> list[Delivery]:
        """Return the last 1,000 calls of webhooks, oldest first, also those that have not been made yet."""
        return self._verbs.deliveries()

    async def deliveries_done(self) -> None:
        """Wait until all webhooks have been called about what has happened, also by what the calls have led to."""
        await self._verbs.deliveries_done()

    async def outbox(self) -> list[SentEmail]:
        """Return the last 10,000 e-mails that the service would have sent, oldest first; the emulator sends none."""
        return self._verbs.outbox()

    async def clear_outbox(self) -> None:
        """Delete the e-mails so far."""
        self._verbs.clear_outbox()

    async def stats(self) -> Stats:
        """Return the counts."""
        return self._verbs.stats()

    async def switches(self) -> list[dict[str, JsonValue]]:
        """Return the switches: a question that no source settles, the allowed values and the current one."""
        return self._verbs.switches()

    async def set_switch(self, name: str, value: str | int) -> None:
        """Set a switch.

        Args:
            name: The name of the switch; `switches` lists all.
            value: The value, one of those that are ``allowed`` there.

        Raises:
            ValueError: There is no switch with the name, or the value is not allowed.
        """
        self._verbs.set_switch(name, value)

    async def divergences(self) -> list[dict[str, JsonValue]]:
        """Return the switches, by the former name of `switches`."""
        return self._verbs.switches()

    async def set_divergence(self, name: str, value: str | int) -> None:
        """Set a switch, by the former name of `set_switch`.

        Args:
            name: The name of the switch.
            value: The value.

        Raises:
            ValueError: There is no switch with the name, or the value is not allowed.
        """
        self._verbs.set_switch(name, value)

    async def set_txt_records(self, host: str, values: Sequence[str]) -> None:
        """Publish TXT records of a host in the emulated DNS, which replace its former ones.

        The validation of an SSO domain reads them if ``sso_domain_validation`` is set to ``published``.

        Args:
            host: The host name, such as the ``txt_record_host`` of an SSO domain.
            values: The texts; none removes the records.

        Raises:
            ValueError: ``host`` is empty, or ``values`` is not a sequence of texts.
        """
        self._verbs.set_txt_records(host, values)

    async def openapi(self) -> dict[str, object]:
        """Return the OpenAPI document of the served operations."""
        return self._verbs.openapi()

    async def health(self) -> dict[str, JsonValue]:
        """Return ``{"status": "ok"}``."""
        return self._verbs.health()
