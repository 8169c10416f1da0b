"""`VerbScope`: the environments on which the admin verbs act."""

from __future__ import annotations

import attrs

from frontegg_async.emulator.faults.ledger import FaultLedger
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment
from frontegg_async.emulator.world.subscribers import Subject
from frontegg_async.emulator.world.world import World


@attrs.frozen
class VerbScope:
    """The environments on which admin verbs act: all environments of an emulator, or one of them.

    Args:
        world: The emulator's state.
        only: The environment on which the verbs act. If it is ``None``, ``seed`` and ``user_token`` act on the default
            environment. ``reset``, ``snapshot``, ``restore``, ``revoke_tokens`` and the verbs of the clock, faults,
            journal, statistics and switches then act on all environments.
    """

    world: World
    only: EmulatedEnvironment | None = None

    @property
    def one(self) -> EmulatedEnvironment:
        """The environment on which the verbs act, or the default environment if they act on all environments."""
        return self.only or self.world.default

    @property
    def every(self) -> list[EmulatedEnvironment]:
        """All environments on which the verbs act."""
        return [self.only] if self.only is not None else list(self.world.environments.values())

    @property
    def ledger(self) -> FaultLedger:
        """The faults of the environment. If the verbs act on all environments, the faults that act on all of them."""
        return self.world.faults if self.only is None else self.world.environment_faults[self.only.client_id]

    @property
    def client_id(self) -> str | None:
        """The client id of the environment, or ``None`` if the verbs act on all environments."""
        return None if self.only is None else self.only.client_id

    def _tell_one(self, *subjects: Subject) -> None:
        for subject in subjects or ("state",):
            self.world.subscribers.publish_change(subject, self.one.client_id)

    def _tell(self, *subjects: Subject) -> None:
        for subject in subjects:
            self.world.subscribers.publish_change(subject, self.client_id)
