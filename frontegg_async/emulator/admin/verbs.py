"""`Verbs`: the methods with which tests and users control an emulator. The admin API and the handles call them."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

import attrs

from frontegg_async._values.durations import in_seconds, signed_seconds
from frontegg_async._values.json_values import JsonValue
from frontegg_async.emulator.admin import changes, views
from frontegg_async.emulator.admin.deliveries import Delivery, shown_delivery
from frontegg_async.emulator.admin.outbox import SentEmail, shown_email
from frontegg_async.emulator.admin.recorded import GONE, OFF, RecordedExchange, shown
from frontegg_async.emulator.admin.token_verbs import TokenVerbs
from frontegg_async.emulator.admin.users import changed_user, find_user
from frontegg_async.emulator.checks.arguments import flag, mapping, text, texts
from frontegg_async.emulator.checks.json_input import plain_json
from frontegg_async.emulator.faults.ledger import Fault
from frontegg_async.emulator.faults.spec import parse_fault
from frontegg_async.emulator.services.emails.rows import SentEmailRow
from frontegg_async.emulator.services.sso.rows import TxtRecordsRow, host_key
from frontegg_async.emulator.store.delivery_row import DeliveryRow
from frontegg_async.emulator.store.switches import change, describe
from frontegg_async.emulator.store.tenant_rows import StoredTenant
from frontegg_async.emulator.world import environment_snapshots, seeds
from frontegg_async.emulator.world.emulated_environment import CREDENTIAL_PREFIX
from frontegg_async.emulator.world.journal import JournalEntry
from frontegg_async.emulator.world.seeds import SeedResult
from frontegg_async.emulator.world.world import check_credentials


@attrs.frozen(kw_only=True)
class Stats:
    """The counts of an emulator since its start or the last reset.

    A reset does not change the counts of connections.
    """

    tokens_issued: int
    """The number of tokens that were issued for environments, users and API tokens."""
    requests: Mapping[str, int]
    """The number of requests for each operation, by the operation's name, such as ``tenants.get``."""
    connections_open: int
    """The number of open connections."""
    connections_ever: int
    """The number of connections since the start."""
    journal_dropped: int = 0
    """The number of requests that were dropped from the journal because it was full."""


@attrs.frozen
class Verbs(TokenVerbs):
    """All admin verbs. They act on all environments or on one environment."""

    def environment(self, client_id: str) -> Verbs:
        """Return the verbs that act on one environment only.

        Raises:
            LookupError: There is no environment with that id.
            ValueError: ``client_id`` is not a text.
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
        token_ttl: float | timedelta | None = None,
        rate_limit: int | None = None,
        switches: Mapping[str, JsonValue] | None = None,
        divergences: Mapping[str, JsonValue] | None = None,
    ) -> Verbs:
        """Add an environment, or change the secret and settings of an existing environment. Return its verbs.

        Raises:
            ValueError: A value is not allowed.
        """
        changes: dict[str, JsonValue] = {}
        for name, given in (("divergences", divergences), ("switches", switches)):
            changes |= {} if given is None else mapping(given, name)
        client_id = f"{CREDENTIAL_PREFIX}{secrets.token_hex(8)}" if client_id is None else client_id
        secret = f"{CREDENTIAL_PREFIX}{secrets.token_hex(16)}" if secret is None else secret
        check_credentials(client_id, secret)
        settings = None
        if token_ttl is not None or rate_limit is not None or changes:
            existing = self.world.environments.get(client_id)
            settings = existing.settings if existing else self.world.defaults
            settings = attrs.evolve(
                settings,
                token_ttl=settings.token_ttl if token_ttl is None else in_seconds(token_ttl, "token_ttl", ValueError),
                rate_limit=settings.rate_limit if rate_limit is None else rate_limit,
                switches=change(settings.switches, changes),
            )
        environment = self.world.add_environment(client_id, secret, settings)
        self.world.subscribers.publish_change("environments", None)
        return Verbs(self.world, environment)

    def reset(self) -> None:
        """Empty the environment, and reset its clock, settings, faults, journal and counts."""
        self.world.reset(self.only)
        self._tell("state", "faults", "clock", "journal")

    def seed(self, document: object) -> SeedResult:
        """Add tenants and users from a seed.

        Raises:
            ValueError: The seed is not valid, or an id or address is already in use. Nothing was added.
        """
        result = seeds.add_seed(self.one, seeds.read_seed(document))
        self.world.commit(self.one)
        self._tell_one()
        return result

    def export_seed(self) -> dict[str, JsonValue]:
        """Return the data of the environment as a seed. The same data can be created again from the seed."""
        return seeds.export_seed(self.one)

    def check_seed(self, document: JsonValue) -> SeedResult:
        """Check a seed without importing it, and return the result that `import_seed` would have.

        Raises:
            ValueError: The seed is not valid.
        """
        return seeds.count_seed(self.one, seeds.read_seed(document))

    def import_seed(self, document: JsonValue) -> SeedResult:
        """Replace all data of the environment with the data of a seed.

        Raises:
            ValueError: The seed is not valid. Nothing has changed.
        """
        seed = seeds.read_seed(document)
        added: list[SeedResult] = []
        self.world.replace(self.one, lambda environment: added.append(seeds.replace_by_seed(environment, seed)))
        self._tell_one()
        return added[0]

    def update_user(self, user_id: str, fields: Mapping[str, JsonValue]) -> None:
        """Change fields of a user.

        Raises:
            LookupError: There is no user with that id.
            ValueError: A field is unknown or its value is not allowed. Nothing has changed.
        """
        environment = self.one
        environment.state.put_user(changed_user(environment.state, text(user_id, "user_id"), fields))
        self.world.commit(environment)
        self._tell_one()

    def delete_user(self, user_id: str) -> None:
        """Delete a user, and end the user's sessions.

        Raises:
            LookupError: There is no user with that id.
        """
        environment = self.one
        environment.state.remove_user(find_user(environment.state, text(user_id, "user_id")).id)
        self.world.commit(environment)
        self._tell_one()

    def call(self, calls: Sequence[changes.OperationCall]) -> list[dict[str, object]]:
        """Run operations of the service, and return the responses. If one operation is refused, none has an effect.

        Raises:
            LookupError: An operation does not exist.
            ValueError: The service refuses an operation. Nothing has changed.
        """
        results = changes.run_calls(self, calls)
        self._tell_one()
        return results

    def undo(self) -> dict[str, str]:
        """Undo the last undoable change, and return its label.

        Raises:
            ValueError: There is no undoable change, or other data has changed since.
        """
        undone = changes.undo(self)
        self._tell_one("state", "clock")
        return undone

    def snapshot(self) -> environment_snapshots.Snapshot:
        """Return the whole state of the environments."""
        return environment_snapshots.take(self.every)

    def restore(self, document: JsonValue) -> None:
        """Restore a snapshot. If the verbs act on all environments, environments that the snapshot lacks are removed.

        Raises:
            ValueError: The snapshot is not valid. Nothing has changed.
        """
        snapshot = environment_snapshots.read(document)
        if self.only is None:
            self.world.restore(snapshot.environments)
            self._tell("environments", "state", "clock")
            return
        if len(snapshot.environments) != 1:
            raise ValueError("the snapshot must have exactly one environment, since one environment is restored")
        self.world.restore_into(self.only, snapshot.environments[0])
        self._tell("state", "clock")

    def clock(self, *, advance: float | timedelta | None = None, freeze: bool | None = None) -> datetime:
        """Stop the clock, let the clock run, or set it forward. Return the new time.

        Raises:
            ValueError: ``advance`` is not a duration, ``freeze`` is not a flag, or the time is out of range.
        """
        seconds = 0.0 if advance is None else signed_seconds(advance)
        if freeze is not None:
            flag(freeze, "freeze")
        environments = self.every
        for environment in environments:
            environment.clock.check_advance(seconds)
        for environment in environments:
            if freeze is not None:
                environment.clock.freeze(freeze)
            environment.clock.advance(seconds)
            environment.settings_changed = True
        self.world.commit(*environments)
        self._tell("clock")
        return datetime.fromtimestamp(self.one.clock.now(), UTC)

    def add_fault(self, document: Mapping[str, object]) -> str:
        """Add a fault, which acts from now on. Return the id of the fault.

        Raises:
            ValueError: A value is missing, unknown or out of range.
        """
        match, stage, action = parse_fault(plain_json(document, "the fault"))
        fault = Fault(id=self.world.new_fault_id(), match=match, stage=stage, action=action)
        self.ledger.add(fault)
        self._tell("faults")
        return fault.id

    def faults(self) -> list[tuple[Fault, int]]:
        """Return the faults, each with the number of times it has acted."""
        return self.ledger.faults()

    def delete_fault(self, fault_id: str) -> None:
        """Remove a fault.

        Raises:
            LookupError: There is no fault with that id.
            ValueError: ``fault_id`` is not a text.
        """
        if not self.ledger.remove(text(fault_id, "fault_id")):
            raise LookupError(f"there is no fault {fault_id!r}")
        self._tell("faults")

    def delete_faults(self) -> None:
        """Remove all faults."""
        self.ledger.clear()
        self._tell("faults")

    def journal(self) -> list[JournalEntry]:
        """Return the requests in the order of arrival. `stats` counts older requests that the full journal dropped."""
        return self.world.journal.entries(self.client_id)

    def recorded_exchange(self, trace_id: str) -> RecordedExchange:
        """Return the headers and bodies of a request in the journal and of its response. Secrets are redacted.

        Raises:
            LookupError: The emulator does not keep bodies, no longer keeps this exchange, or has not sent the response
                yet.
        """
        recordings = self.world.recordings
        if recordings is None:
            raise LookupError(OFF)
        found = recordings.get(text(trace_id, "trace_id"))
        if found is None or self.client_id not in (None, found.environment):
            raise LookupError(GONE)
        return shown(found)

    def clear_journal(self) -> None:
        """Delete all requests in the journal."""
        self.world.clear_journal(self.client_id)
        self._tell("journal")

    def deliveries(self) -> list[Delivery]:
        """Return the last calls of webhooks, oldest first. Pending calls are included."""
        return [shown_delivery(row) for each in self.every for row in each.state.table(DeliveryRow).values()]

    async def deliveries_done(self) -> None:
        """Wait until no call of a webhook is pending."""
        await self.world.deliverer.done(self.only)

    def outbox(self) -> list[SentEmail]:
        """Return the last e-mails that the service would have sent, oldest first."""
        return [shown_email(row) for each in self.every for row in each.state.table(SentEmailRow).values()]

    def clear_outbox(self) -> None:
        """Delete all e-mails in the outbox."""
        for environment in self.every:
            for key in list(environment.state.table(SentEmailRow)):
                environment.state.remove(SentEmailRow, key)
        self.world.commit(*self.every, counts=False)
        self._tell("outbox")

    def stats(self) -> Stats:
        """Return the counts of tokens, requests and connections."""
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

    def switches(self) -> list[dict[str, JsonValue]]:
        """Return the switches, each with its question, its allowed values and its present value."""
        return describe(self.one.switches)

    def set_switches(self, values: Mapping[str, JsonValue]) -> None:
        """Set the values of several switches.

        Raises:
            ValueError: There is no switch with that name, or the value is not allowed.
        """
        changes = mapping(values, "switches")
        changed = [(each, change(each.switches, changes)) for each in self.every]
        for environment, new in changed:
            environment.settings = attrs.evolve(environment.settings, switches=new)
            environment.settings_changed = True
        self.world.commit(*self.every)

    def set_switch(self, name: str, value: JsonValue) -> None:
        """Set the value of one switch.

        Raises:
            ValueError: There is no switch with that name, or the value is not allowed.
        """
        self.set_switches({text(name, "name"): value})

    def set_txt_records(self, host: str, values: Iterable[str]) -> None:
        """Replace the emulated DNS TXT records of a host. An empty ``values`` removes the records.

        Raises:
            ValueError: ``host`` is not a host name, or ``values`` are not texts.
        """
        given = tuple(texts(values, "values"))
        if not host_key(text(host, "host")):
            raise ValueError("host must be a host name")
        environment = self.one
        row = TxtRecordsRow(id=host_key(host), values=given)
        if given:
            environment.state.put(row)
        elif row.id in environment.state.table(TxtRecordsRow):
            environment.state.remove(TxtRecordsRow, row.id)
        self.world.commit(environment)

    def openapi(self) -> dict[str, object]:
        """Return the OpenAPI document of the operations that the emulator serves."""
        from frontegg_async.emulator.openapi.document import document  # noqa: PLC0415 - made when it is asked for

        return document()

    def environments(self) -> dict[str, object]:
        """Return the environments with their numbers of tenants and users, without secrets."""
        return {"environments": [views.environment(each) for each in self.every]}

    def tenants(self) -> dict[str, object]:
        """Return the tenants with the fields that a tree view needs."""
        return views.tenants(self.one)

    def tenant(self, tenant_id: str) -> StoredTenant:
        """Return a tenant with all its fields and its parent.

        Raises:
            LookupError: There is no tenant with that id.
        """
        return views.tenant(self.one, text(tenant_id, "tenant_id"))

    def sso(self, tenant_id: str) -> dict[str, object]:
        """Return the SSO configurations of a tenant without secrets.

        Raises:
            LookupError: There is no tenant with that id.
        """
        return views.sso(self.one, text(tenant_id, "tenant_id"))

    def features(self, tenant_id: str) -> dict[str, object]:
        """Return the features. Each entry has whether the tenant is entitled to the feature, and why.

        Raises:
            LookupError: There is no tenant with that id.
        """
        return views.features(self.one, text(tenant_id, "tenant_id"))

    def users(self) -> dict[str, object]:
        """Return the users without their passwords."""
        return views.users(self.one)

    def read_clock(self) -> dict[str, JsonValue]:
        """Return the time of the clock, and whether the clock is stopped."""
        return views.clock(self.one)

    def health(self) -> dict[str, JsonValue]:
        """Return the status ``ok``, which shows that the emulator runs."""
        return {"status": "ok"}
