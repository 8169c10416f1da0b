"""`PersistedEnvironment`: what a persistence file has of an environment beside its data.

Only settings that differ from those at the start of the emulator are stored: options of the command line hold for one
run, and are never in the file.
"""

from __future__ import annotations

import msgspec

from frontegg_async.emulator.behaviour.switches import change, differences
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment, EnvironmentSettings


class PersistedSettings(msgspec.Struct, kw_only=True, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """The settings that differ from those at the start of the emulator."""

    token_ttl: float | msgspec.UnsetType = msgspec.UNSET
    rate_limit: int | None | msgspec.UnsetType = msgspec.UNSET
    divergences: dict[str, str | int] = msgspec.field(default_factory=dict[str, str | int])

    @classmethod
    def of(cls, settings: EnvironmentSettings, base: EnvironmentSettings) -> PersistedSettings:
        """Return the settings that differ from ``base``."""
        return cls(
            token_ttl=msgspec.UNSET if settings.token_ttl == base.token_ttl else settings.token_ttl,
            rate_limit=msgspec.UNSET if settings.rate_limit == base.rate_limit else settings.rate_limit,
            divergences=differences(settings.behaviour, base.behaviour),
        )

    def over(self, base: EnvironmentSettings) -> EnvironmentSettings:
        """Return ``base`` with these settings in place of its own.

        Raises:
            ValueError: A value is out of range, or there is no switch with the name.
        """
        return EnvironmentSettings(
            token_ttl=base.token_ttl if self.token_ttl is msgspec.UNSET else self.token_ttl,
            rate_limit=base.rate_limit if self.rate_limit is msgspec.UNSET else self.rate_limit,
            behaviour=change(base.behaviour, dict(self.divergences)),
        )


class PersistedEnvironment(msgspec.Struct, kw_only=True, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """An environment without its data.

    ``defaults`` are the settings after a reset. Tokens issued before ``earliest_issue`` are revoked; ``latest_issue``
    is the latest time of issue of any token, possibly before the clock was set back.
    """

    secret: str
    settings: PersistedSettings
    defaults: PersistedSettings
    clock_offset: float
    clock_frozen: float | None
    earliest_issue: float = 0.0
    latest_issue: float = 0.0

    @classmethod
    def of(cls, environment: EmulatedEnvironment, base: EnvironmentSettings) -> PersistedEnvironment:
        """Return what is stored of an environment beside its data."""
        return cls(
            secret=environment.secret,
            settings=PersistedSettings.of(environment.settings, base),
            defaults=PersistedSettings.of(environment.defaults, base),
            clock_offset=environment.clock.offset,
            clock_frozen=environment.clock.frozen,
            earliest_issue=environment.earliest_issue,
            latest_issue=environment.latest_issue,
        )
