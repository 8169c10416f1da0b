"""`VerbScope`: what the admin verbs act on."""

from __future__ import annotations

import attrs

from frontegg_async.emulator.faults.ledger import FaultLedger
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment
from frontegg_async.emulator.world.subscribers import Subject
from frontegg_async.emulator.world.world import World


@attrs.frozen
class VerbScope:
    """What verbs act on: all environments of an emulator, or one of them.

    Args:
        world: The emulator's state.
        only: The environment that the verbs act on. Without one, ``reset``, ``snapshot``, ``restore``, the clock,
            faults, journal, statistics, switches and ``revoke_tokens`` act on all environments, and ``seed`` and
            ``user_token`` on the default one.
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
    def ledger(self) -> FaultLedger:
        """The faults of the environment, or those of all environments."""
        return self.world.faults if self.only is None else self.world.environment_faults[self.only.client_id]

    @property
    def client_id(self) -> str | None:
        """The id of the environment; ``None`` for all."""
        return None if self.only is None else self.only.client_id

    def _tell_one(self, *subjects: Subject) -> None:
        for subject in subjects or ("state",):
            self.world.subscribers.publish_change(subject, self.one.client_id)

    def _tell(self, *subjects: Subject) -> None:
        for subject in subjects:
            self.world.subscribers.publish_change(subject, self.client_id)
