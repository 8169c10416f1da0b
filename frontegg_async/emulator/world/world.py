"""`World`: the state of the whole emulator: its environments, and their common key, journal and faults."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from typing import Final, Protocol, cast

import attrs

from frontegg_async.emulator.faults.ledger import FaultLedger
from frontegg_async.emulator.store.access_token_types import ACCESS_TOKEN_TYPES
from frontegg_async.emulator.store.tables import TABLES
from frontegg_async.emulator.world import environment_snapshots
from frontegg_async.emulator.world.connections import ConnectionCounts
from frontegg_async.emulator.world.deliveries import Deliverer, NoDeliverer
from frontegg_async.emulator.world.emulated_environment import (
    CREDENTIAL_PREFIX,
    DEFAULT_CLIENT_ID,
    DEFAULT_SECRET,
    EmulatedEnvironment,
    EmulatedSettings,
    vendor_id_of,
)
from frontegg_async.emulator.world.environment_snapshots import EnvironmentSnapshot
from frontegg_async.emulator.world.grants import Grant
from frontegg_async.emulator.world.journal import Journal
from frontegg_async.emulator.world.recordings import Recordings
from frontegg_async.emulator.world.signing_key import SigningKey
from frontegg_async.emulator.world.subscribers import Subscribers
from frontegg_async.emulator.world.undo_steps import UndoStep

MAX_GRANTS: Final = 100_000
"""The maximum number of verified tokens in the cache. When the cache is full, it is emptied."""


def check_credentials(client_id: str, secret: str) -> None:
    """Refuse credentials that could be mistaken for credentials of the real service.

    Raises:
        ValueError: The client id or the secret lacks the prefix of the emulator's credentials.
    """
    for name, value in (("client_id", client_id), ("secret", secret)):
        if (
            not isinstance(value, str)
            or not value.startswith(CREDENTIAL_PREFIX)
            or not value.isprintable()
            or not value.isascii()
        ):
            raise ValueError(f"{name} must be printable ASCII text that starts with {CREDENTIAL_PREFIX!r}")


class WorldStore(Protocol):
    """The object that stores the changes of environments. Each call stores either everything or nothing."""

    def save(self, environments: Sequence[EmulatedEnvironment]) -> None:
        """Store the changes since the last call of this method."""
        ...

    def save_whole(self, environments: Sequence[EmulatedEnvironment], forgotten: Collection[str] = ()) -> None:
        """Store all data of some environments again, and delete the environments with the ids in ``forgotten``."""
        ...

    def close(self) -> None:
        """Close the file."""
        ...


@attrs.define(eq=False)
class World:
    """The state of the whole emulator.

    Args:
        key: The key that signs all tokens.
        defaults: The settings of environments that have no settings of their own.
        issuer: The origin of the server. It is the issuer in tokens.
        journal: The record of all requests.
        recordings: The headers and bodies of the last requests, or ``None`` if they are not kept.
    """

    key: SigningKey
    defaults: EmulatedSettings = attrs.field(factory=EmulatedSettings)
    issuer: str = "http://127.0.0.1"
    journal: Journal = attrs.field(factory=Journal)
    recordings: Recordings | None = None
    environments: dict[str, EmulatedEnvironment] = attrs.field(factory=dict[str, EmulatedEnvironment], init=False)
    faults: FaultLedger = attrs.field(factory=FaultLedger, init=False)
    environment_faults: dict[str, FaultLedger] = attrs.field(factory=dict[str, FaultLedger], init=False)
    requests: Counter[tuple[str | None, str]] = attrs.field(factory=Counter[tuple[str | None, str]], init=False)
    """The number of requests by the client id of the environment and the name of the route."""
    subscribers: Subscribers = attrs.field(factory=Subscribers, init=False)
    undo_steps: dict[str, UndoStep] = attrs.field(factory=dict[str, UndoStep], init=False)
    """The last undoable change of each environment, by client id."""
    connections: ConnectionCounts = attrs.field(factory=ConnectionCounts, init=False)
    store: WorldStore | None = attrs.field(default=None, init=False)
    deliverer: Deliverer = attrs.field(factory=NoDeliverer, init=False)
    """The object that calls webhooks. It receives the events of environments in order, after the events are stored."""
    _unsaved: frozenset[str] = attrs.field(default=frozenset(), init=False)
    """The client ids of the environments that the store could not store completely or could not delete."""
    _grants: dict[str, Grant] = attrs.field(factory=dict[str, Grant], init=False)
    _vendors: dict[str, str] = attrs.field(factory=dict[str, str], init=False)
    _fault_count: int = attrs.field(default=0, init=False)

    def __attrs_post_init__(self) -> None:
        self.add_environment(DEFAULT_CLIENT_ID, DEFAULT_SECRET)

    @property
    def default(self) -> EmulatedEnvironment:
        """The default environment, which always exists."""
        return self.environments[DEFAULT_CLIENT_ID]

    def add_environment(
        self, client_id: str, secret: str, settings: EmulatedSettings | None = None
    ) -> EmulatedEnvironment:
        """Add an environment. An existing environment gets the new secret, and the new settings if they are given.

        Raises:
            ValueError: The credentials could be mistaken for credentials of the real service.
        """
        check_credentials(client_id, secret)
        environment = self._put(client_id, secret, settings)
        self.commit(environment)
        return environment

    def _put(self, client_id: str, secret: str, settings: EmulatedSettings | None = None) -> EmulatedEnvironment:
        environment = self.environments.get(client_id)
        if environment is None:
            environment = EmulatedEnvironment(
                client_id,
                secret,
                self.key,
                defaults=settings or self.defaults,
                issuer=self.issuer,
                remember=self.remember,
            )
            self.environments[client_id] = environment
            self.environment_faults[client_id] = FaultLedger()
            self._vendors[environment.vendor_id] = client_id
        else:
            environment.secret = secret
            if settings is not None:
                environment.defaults = environment.settings = settings
        environment.settings_changed = True
        return environment

    def set_issuer(self, origin: str) -> None:
        """Set the origin of the server. It becomes the issuer in tokens."""
        self.issuer = origin
        for environment in self.environments.values():
            environment.issuer = origin

    def use_key(self, key: SigningKey) -> None:
        """Sign with another key from now on. Tokens that the former key signed become invalid."""
        self.key = key
        for environment in self.environments.values():
            environment.key = key

    def reset(self, environment: EmulatedEnvironment | None = None) -> None:
        """Reset one environment. ``None`` resets all environments and the objects that they share.

        Credentials and environment tokens stay valid.
        """
        emptied = [environment] if environment is not None else list(self.environments.values())
        for each in emptied:
            self._reset_one(each)
        if environment is None:
            self.faults.clear()
            self.clear_journal(None)
            self.requests.clear()
        else:
            self.clear_journal(environment.client_id)
        self._save_whole(emptied)

    def clear_journal(self, client_id: str | None) -> None:
        """Delete the requests of one environment, or of all environments, from the journal."""
        self.journal.clear(client_id)
        if self.recordings is not None:
            self.recordings.clear(client_id)

    def _reset_one(self, environment: EmulatedEnvironment) -> None:
        environment.reset()
        self.deliverer.drop(environment)
        self.environment_faults[environment.client_id].clear()
        for key in [key for key in self.requests if key[0] == environment.client_id]:
            del self.requests[key]

    def restore_into(self, environment: EmulatedEnvironment, snapshot: EnvironmentSnapshot) -> None:
        """Replace the data and settings of an environment with a snapshot. Its credentials stay the same.

        Raises:
            ValueError: The snapshot is not consistent. Nothing has changed.
        """
        self.replace(environment, environment_snapshots.prepare(snapshot, environment.vendor_id))

    def replace(self, environment: EmulatedEnvironment, put: Callable[[EmulatedEnvironment], object]) -> None:
        """Replace the data of an environment.

        Args:
            environment: The environment.
            put: The function that replaces the data. It must change nothing if it raises an error.
        """
        put(environment)
        self.deliverer.drop(environment)
        self._save_whole([environment])

    def restore(self, snapshots: list[EnvironmentSnapshot]) -> None:
        """Replace the data and settings of all environments with snapshots.

        Environments without a snapshot are removed. Only the default environment is never removed.

        Raises:
            ValueError: A snapshot is not consistent. Nothing has changed.
        """
        names = {one.client_id for one in snapshots}
        if len(names) != len(snapshots):
            raise ValueError("the snapshot has two environments with the same client_id")
        prepared = [(one, environment_snapshots.prepare(one, vendor_id_of(one.client_id))) for one in snapshots]
        for one in snapshots:
            check_credentials(one.client_id, one.secret)
        forgotten = self.environments.keys() - names - {DEFAULT_CLIENT_ID}
        for client_id in forgotten:
            self._forget(client_id)
        if DEFAULT_CLIENT_ID not in names:
            self._reset_one(self.default)
        for one, put in prepared:
            environment = self._put(one.client_id, one.secret)
            put(environment)
            self.deliverer.drop(environment)
        self._save_whole(list(self.environments.values()), forgotten)

    def _forget(self, client_id: str) -> None:
        environment = self.environments.pop(client_id)
        self.deliverer.drop(environment)
        del self.environment_faults[client_id]
        self.undo_steps.pop(client_id, None)
        del self._vendors[environment.vendor_id]

    def _save_whole(self, environments: Sequence[EmulatedEnvironment], forgotten: Collection[str] = ()) -> None:
        if self.store is not None:
            # If storing the whole data fails, it must be repeated. Changes alone would not match the stored data.
            self._unsaved = self._unsaved.union(forgotten, (environment.client_id for environment in environments))
            environments = [environment for name, environment in self.environments.items() if name in self._unsaved]
            self.store.save_whole(environments, self._unsaved - self.environments.keys())
            self._unsaved = frozenset()
        for environment in environments:
            environment.revision += 1
            environment.table_changes.update(TABLES.keys())
            environment.state.changes.clear()

    def save_in(self, store: WorldStore, *, whole: bool) -> None:
        """Store all changes from now on.

        Args:
            store: The object that stores the changes.
            whole: Whether to store all present data first, because the store is empty.
        """
        self.store = store
        environments = list(self.environments.values())
        if whole:
            self._save_whole(environments)
        else:
            self.commit(*environments)

    def commit(self, *environments: EmulatedEnvironment, counts: bool = True) -> None:
        """Store the changes of environments. This must happen before the response is sent.

        Args:
            environments: The environments.
            counts: Whether the changes prevent that an earlier change is undone. Changes by deliveries do not prevent
                it.
        """
        if self._unsaved:
            self._save_whole(environments)
        elif self.store is not None:
            self.store.save(environments)
        for environment in environments:
            if environment.state.changes:
                environment.revision += counts
                environment.table_changes.update({kind for kind, _ in environment.state.changes})
                environment.state.changes.clear()
            if environment.events:
                self.deliverer.tell(environment, environment.take_events())

    def remember(self, token: str, grant: Grant) -> None:
        """Cache a token that was issued or verified, so that its signature is not verified again."""
        if len(self._grants) >= MAX_GRANTS:
            self._grants.clear()
        self._grants[token] = grant

    def grant_of(self, token: str) -> Grant | None:
        """Return the rights of a token even if it has expired, or ``None`` if no environment has signed the token."""
        grant = self._grants.get(token)
        if grant is None:
            grant = self._verify(token)
            if grant is not None:
                self.remember(token, grant)
        return grant

    def _verify(self, token: str) -> Grant | None:
        claims = self.key.read(token)
        if claims is None or claims.get("type") in ACCESS_TOKEN_TYPES:
            return None
        issued, expires = cast("float", claims["iat"]), cast("float", claims["exp"])
        if claims.get("type") == "vendor":
            client_id = self._vendors.get(str(claims.get("vendorId")))
            if client_id is None:
                return None
            return Grant(kind="vendor", client_id=client_id, issued=issued, expires=expires)
        environment = self.environments.get(str(claims.get("aud")))
        return None if environment is None else environment.user_grant(claims, expires)

    def new_fault_id(self) -> str:
        """Return an id for a new fault."""
        self._fault_count += 1
        return f"fault-{self._fault_count}"
