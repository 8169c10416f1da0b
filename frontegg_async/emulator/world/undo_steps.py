"""`UndoStep`: the last change of an environment that can be undone, with a copy of the data before the change."""

from __future__ import annotations

from typing import Final

import attrs

from frontegg_async.emulator.store.state import State
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment, EmulatedSettings

MAX_RECORDS: Final = 100_000
"""The maximum number of records for undoable changes. An environment with more records is too large for a copy."""


@attrs.frozen
class _Settings:
    """The clock and the settings that a reset or a snapshot replaces in addition to the data."""

    settings: EmulatedSettings
    clock_offset: float
    clock_frozen: float | None

    @classmethod
    def of(cls, environment: EmulatedEnvironment) -> _Settings:
        return cls(environment.settings, environment.clock.offset, environment.clock.frozen)


@attrs.frozen(eq=False)
class SavedData:
    """The data and the settings of an environment at a point in time."""

    state: State = attrs.field(repr=False)
    settings: _Settings

    @classmethod
    def of(cls, environment: EmulatedEnvironment) -> SavedData | None:
        """Return the data and settings of an environment as they are now, or ``None`` if there are too many records."""
        if environment.state.count() > MAX_RECORDS:
            return None
        return cls(environment.state.copy(), _Settings.of(environment))


@attrs.frozen(eq=False)
class UndoStep:
    """A change, and the data as it was before the change.

    Args:
        label: A short description of the change, such as ``Lock Acme``.
        before: The data before the change, or ``None`` if the environment had too many records for a copy.
        revision: The number of changes of the environment, including this change.
        after: The settings and the clock as they were after the change.
    """

    label: str
    before: SavedData | None
    revision: int
    after: _Settings

    @classmethod
    def of(cls, label: str, before: SavedData | None, environment: EmulatedEnvironment) -> UndoStep:
        """Return the step for a change that has just been made."""
        return cls(label, before, environment.revision, _Settings.of(environment))

    def obstacle(self, environment: EmulatedEnvironment) -> str | None:
        """Return the reason why the change cannot be undone, or ``None`` if the change can be undone."""
        if self.before is None:
            return f"the environment had more than {MAX_RECORDS:,} records, and no copy of so many records is kept"
        if environment.revision != self.revision:
            return "the data has changed since then, and an undo would lose that later change"
        has_replaced_settings = self.before.settings != self.after
        if has_replaced_settings and _Settings.of(environment) != self.after:
            return "the clock or a setting has changed since then, and an undo would lose that later change"
        return None

    def undo(self, environment: EmulatedEnvironment) -> None:
        """Restore the data before the change. If the change replaced the settings and clock, restore these too.

        Raises:
            ValueError: The change cannot be undone. Nothing has changed.
        """
        before, obstacle = self.before, self.obstacle(environment)
        if before is None or obstacle is not None:
            raise ValueError(f"{self.label!r} cannot be undone: {obstacle}")
        environment.replace_state(before.state)
        if before.settings != self.after:
            environment.settings = before.settings.settings
            environment.clock.offset = before.settings.clock_offset
            environment.clock.frozen = before.settings.clock_frozen
            environment.settings_changed = True
