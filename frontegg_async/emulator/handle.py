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
    """Controls one environment, or all environments, of an emulator that runs in the event loop of this program.

    ``async with Emulator() as emulator`` returns a handle for the whole emulator. `create_environment` and
    `environment` return handles for single environments, which are isolated from each other.
    """

    def __init__(self, url: str, verbs: Verbs) -> None:
        self._url = url
        self._verbs = verbs

    @property
    def url(self) -> str:
        """The origin of the server, as the value for a client's ``base_url``."""
        return self._url

    @property
    def client_id(self) -> str:
        """The client id of the environment. A handle for the whole emulator has the id of the default environment."""
        return self._verbs.one.client_id

    @property
    def secret(self) -> str:
        """The secret that belongs to the client id."""
        return self._verbs.one.secret

    def environ(self) -> dict[str, str]:
        """Return the environment variables that ``from_env()`` reads, with the emulator's address and credentials."""
        return {
            "FRONTEGG_BASE_URL": self.url,
            "FRONTEGG_CLIENT_ID": self.client_id,
            "FRONTEGG_SECRET_KEY": self.secret,
        }

    def client(
        self, *, options: Options | None = None, max_connections: int = 100, app: str | None = None
    ) -> AsyncFrontegg:
        """Return a new client of the environment. Close the client, or use it with ``async with``.

        Args:
            options: The options of the client.
            max_connections: The maximum number of connections that the client opens, 1 to 10,000.
            app: The name of your application, for the header ``User-Agent``.
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
            LookupError: There is no environment with that id.
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
        """Add an environment, or change the secret and settings of an existing environment.

        Return a handle for the environment.

        Args:
            client_id: An id that starts with ``emu_``. By default the id is random.
            secret: A secret that starts with ``emu_``. By default the secret is random.
            token_ttl: The lifetime, in seconds, of the environment's tokens.
            rate_limit: The maximum number of requests a minute on each route.
            switches: The new values of switches, by the names of the switches.
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
        """Delete all data, and reset the clock, settings, faults, journal and counts.

        Credentials and tokens stay valid. The sessions of users end, since their users are deleted.
        """
        self._verbs.reset()

    async def seed(
        self,
        document: Mapping[str, object] | None = None,
        *,
        tenants: Sequence[Mapping[str, object]] = (),
        users: Sequence[Mapping[str, object]] = (),
    ) -> SeedResult:
        """Add tenants and users. The tenants may be in any order.

        Args:
            document: The whole seed, as ``{"tenants": [...], "users": [...]}``, in place of the other two arguments.
            tenants: The tenants, each with ``tenantId`` and ``name``. ``parentTenantId`` and all other fields of a
                tenant are optional.
            users: The users, each with ``email`` and ``tenantId``. ``id``, ``tenantIds``, ``permissions`` and other
                fields are optional.

        Raises:
            ValueError: The seed is not valid, or an id or address is already in use. Nothing was added.
        """
        return self._verbs.seed(seed_document(document, tenants, users))

    async def export_seed(self) -> dict[str, JsonValue]:
        """Return the data of the environment as a seed. `seed` creates the same data from it in any emulator.

        The seed contains the tenants, and the users with their passwords. ``tables`` in the seed contains the other
        objects, such as SSO configurations with their secrets. Sessions, deleted tenants, settings and the clock are
        omitted; a `snapshot` contains them. The service's internal ids of tenants are generated anew from a seed.
        """
        return self._verbs.export_seed()

    async def import_seed(self, document: Mapping[str, JsonValue]) -> SeedResult:
        """Replace all data of the environment with the data of a seed. Settings and clock do not change.

        Args:
            document: The seed, in the form that `export_seed` returns.

        Raises:
            ValueError: The seed is not valid. Nothing has changed.
        """
        return self._verbs.import_seed(document)

    async def update_user(self, user_id: str, changes: Mapping[str, JsonValue]) -> None:
        """Change fields of a user, such as the user's permissions.

        Args:
            user_id: The id of the user.
            changes: The new values, by the names of the fields in a seed, such as ``{"permissions": [...]}``.

        Raises:
            LookupError: There is no user with that id.
            ValueError: A field is unknown, or its value is not allowed. Nothing has changed.
        """
        self._verbs.update_user(user_id, changes)

    async def delete_user(self, user_id: str) -> None:
        """Delete a user, and end the user's sessions.

        Args:
            user_id: The id of the user.

        Raises:
            LookupError: There is no user with that id.
        """
        self._verbs.delete_user(user_id)

    async def snapshot(self) -> dict[str, JsonValue]:
        """Return the whole state as JSON values."""
        return cast("dict[str, JsonValue]", msgspec.to_builtins(self._verbs.snapshot()))

    async def restore(self, snapshot: Mapping[str, JsonValue]) -> None:
        """Restore a snapshot, which replaces the whole state.

        Args:
            snapshot: The result of `snapshot`. A copy that was written to JSON and read again is accepted too.

        Raises:
            ValueError: The snapshot is not valid. Nothing has changed.
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
        """Issue a user token.

        Omitted values come from the user with the given id or e-mail address, if the user exists.

        Args:
            tenant_id: The id of the tenant that the token is for.
            email: The user's e-mail address.
            user_id: The user's id.
            tenant_ids: The ids of all tenants of the user.
            permissions: The permissions of the user.
            roles: The roles of the user.
            type: The type of the token: ``userToken``, ``userApiToken`` or ``tenantApiToken``.
            expires_in: The lifetime in seconds. The default is 24 hours. Tokens with a lifetime of 0 or less have
                expired.

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
        """Issue an access token of a tenant, or of a user in the tenant.

        Args:
            tenant_id: The id of an existing tenant.
            user_id: The id of a user of the tenant. Without this argument the token belongs to the tenant.
            id: The id of the token, which is also the subject of its JWT. By default the id is random.
            permissions: The permissions of the token. By default it has the user's permissions. Without a user it has
                none.
            roles: The roles of the token. By default it has the user's roles. Without a user it has none.
            expires_in: The lifetime in seconds. By default it is unlimited. A token with a lifetime of 0 or less has
                expired.

        Returns:
            The new token. Its ``secret`` is the JWT for the header ``x-api-key``.

        Raises:
            ValueError: The tenant or the user does not exist, or a value is not allowed.
        """
        return self._verbs.access_token(
            tenant_id=tenant_id, user_id=user_id, id=id, permissions=permissions, roles=roles, expires_in=expires_in
        )

    async def revoke_tokens(self) -> None:
        """Revoke every token that has been issued so far."""
        self._verbs.revoke_tokens()

    async def clock(self, *, advance: float | timedelta | None = None, freeze: bool | None = None) -> datetime:
        """Set the clock, stop the clock, or let it run. The emulator refuses tokens that have expired by this clock.

        A verifier of tokens that was created with ``clock=emulator.time`` follows this clock.

        Args:
            advance: The number of seconds to set the clock forward. A negative number sets the clock back.
            freeze: ``True`` stops the clock, and ``False`` lets the clock run.

        Returns:
            The new time.

        Raises:
            ValueError: A value is not allowed, or the time is out of range.
        """
        return self._verbs.clock(advance=advance, freeze=freeze)

    def time(self) -> float:
        """Return the time of the clock in seconds since the epoch, like `time.time`.

        Pass this method to verifiers of tokens, as ``clock=emulator.time``.
        """
        return self._verbs.one.clock.now()

    async def is_clock_frozen(self) -> bool:
        """Return whether the clock of the environment, or of the default environment, is stopped."""
        return self._verbs.one.clock.frozen is not None

    async def add_fault(
        self, *, stage: str, action: Mapping[str, object], match: Mapping[str, object] | None = None
    ) -> str:
        """Add a fault, which acts from now on. Return the id of the fault.

        Args:
            stage: The stage of a request at which the fault acts: ``accept``, ``before_commit``, ``after_commit``,
            ``in_headers``, ``in_body`` or ``idle``. At the stage ``delivery``, the fault acts on calls of webhooks.
            action: The action, such as ``{"type": "reset"}``.
            match: The conditions. For requests they are, for example,
                ``{"method": "POST", "path": "/tenants/*", "times": 1}``.
                For calls of webhooks they are, for example, ``{"event": "frontegg.tenant.*"}``. By default all
                requests or calls match.

        Raises:
            ValueError: A value is missing, unknown or out of range.
        """
        return self._verbs.add_fault({"stage": stage, "action": action, "match": match or {}})

    async def faults(self) -> list[dict[str, JsonValue]]:
        """Return the faults, each with its id and the number of times it has acted."""
        return [describe_fault(*each) for each in self._verbs.faults()]

    async def delete_fault(self, fault_id: str) -> None:
        """Remove a fault.

        Args:
            fault_id: The id that `add_fault` returned.

        Raises:
            LookupError: There is no fault with that id.
        """
        self._verbs.delete_fault(fault_id)

    async def delete_faults(self) -> None:
        """Remove all faults."""
        self._verbs.delete_faults()

    async def journal(self) -> list[JournalEntry]:
        """Return the requests in the order of arrival.

        The journal contains the newest requests of all environments together. Its maximum length is the ``max_journal``
        of `Emulator`, by default 100,000. ``stats().journal_dropped`` is the number of older requests that were
        dropped.
        """
        return self._verbs.journal()

    async def recorded_exchange(self, trace_id: str) -> RecordedExchange:
        """Return the headers and bodies of a request in the journal and of its response. Secrets are redacted.

        Args:
            trace_id: The ``trace_id`` of the journal entry.

        Raises:
            LookupError: The emulator runs without ``journal_bodies``, or no longer keeps the bodies of this request.
        """
        return self._verbs.recorded_exchange(trace_id)

    async def clear_journal(self) -> None:
        """Delete all requests in the journal."""
        self._verbs.clear_journal()

    async def deliveries(self) -> list[Delivery]:
        """Return the last 1,000 calls of webhooks, oldest first. Pending calls are included."""
        return self._verbs.deliveries()

    async def deliveries_done(self) -> None:
        """Wait until no call of a webhook is pending. Calls that result from other calls are included."""
        await self._verbs.deliveries_done()

    async def outbox(self) -> list[SentEmail]:
        """Return the last 10,000 e-mails that the service would have sent, oldest first.

        The emulator records e-mails, but sends none.
        """
        return self._verbs.outbox()

    async def clear_outbox(self) -> None:
        """Delete all e-mails in the outbox."""
        self._verbs.clear_outbox()

    async def stats(self) -> Stats:
        """Return the counts of tokens, requests and connections."""
        return self._verbs.stats()

    async def switches(self) -> list[dict[str, JsonValue]]:
        """Return the switches, each with its question, its allowed values and its present value."""
        return self._verbs.switches()

    async def set_switch(self, name: str, value: str | int) -> None:
        """Set the value of a switch.

        Args:
            name: The name of the switch. `switches` returns all names.
            value: The new value. It must be one of the ``allowed`` values that `switches` returns for the switch.

        Raises:
            ValueError: There is no switch with that name, or the value is not allowed.
        """
        self._verbs.set_switch(name, value)

    async def divergences(self) -> list[dict[str, JsonValue]]:
        """Return the switches. This is the former name of `switches`."""
        return self._verbs.switches()

    async def set_divergence(self, name: str, value: str | int) -> None:
        """Set a switch. This is the former name of `set_switch`.

        Args:
            name: The name of the switch.
            value: The new value of the switch.

        Raises:
            ValueError: There is no switch with that name, or the value is not allowed.
        """
        self._verbs.set_switch(name, value)

    async def set_txt_records(self, host: str, values: Sequence[str]) -> None:
        """Replace the TXT records of a host in the emulated DNS.

        If the switch ``sso_domain_validation`` is ``published``, the validation of an SSO domain reads these records.

        Args:
            host: The host name, such as the ``txt_record_host`` of an SSO domain.
            values: The texts of the records. An empty sequence removes the records.

        Raises:
            ValueError: ``host`` is empty, or ``values`` is not a sequence of texts.
        """
        self._verbs.set_txt_records(host, values)

    async def openapi(self) -> dict[str, object]:
        """Return the OpenAPI document of the operations that the emulator serves."""
        return self._verbs.openapi()

    async def health(self) -> dict[str, JsonValue]:
        """Return ``{"status": "ok"}``, which shows that the emulator runs."""
        return self._verbs.health()
