"""Whether an environment is production, where commands that change several accounts ask first."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Final

import attrs

from frontegg_async.cli.connection import Connection, is_production_name
from frontegg_async.errors import NotFoundError, PermissionDeniedError

if TYPE_CHECKING:
    from frontegg_async.client import AsyncFrontegg
    from frontegg_async.models.environment import EnvironmentDetails

PRODUCTION: Final = "production"
"""The type of an environment that is production."""
IS_PRODUCTION: Final = "which is production"
"""What a question says of an environment that is production."""
_OTHERS: Final = frozenset({"development", "staging", "qa"})
"""The types of environments that are not production."""


@attrs.frozen
class Standing:
    """What an environment is."""

    name: str
    """What it is called in questions, and typed."""
    about: str = ""
    """That it is production, or may be, for a sentence; empty if it is not."""

    @property
    def is_production(self) -> bool:
        """Whether it is production, or nobody says that it is not."""
        return bool(self.about)

    def __str__(self) -> str:
        return f"{self.name}{self.about and ', '}{self.about}"


def stored_standing(connection: Connection) -> Standing:
    """Return what the settings say of an environment.

    Args:
        connection: The settings in use.
    """
    return Standing(connection.environment, IS_PRODUCTION if connection.production else "")


def standing_of(
    connection: Connection,
    run: Callable[[Callable[[AsyncFrontegg], Awaitable[EnvironmentDetails]]], EnvironmentDetails],
) -> Standing:
    """Return what an environment is: by the settings, or else by what the service says.

    An environment of which the service does not say what it is for counts as production.

    Args:
        connection: The settings in use.
        run: Runs a coroutine function with a client of the environment.

    Raises:
        CommandError: There is no client id or no secret.
        FronteggError: The environment cannot be read.
    """
    stored = stored_standing(connection)
    if stored.is_production:
        return stored
    try:
        found = run(lambda client: client.environment.get())
    except (PermissionDeniedError, NotFoundError):
        return Standing(stored.name, "of which the service does not say whether it is production")
    title = (found.environment_name or "").strip()
    name = stored.name if connection.is_named or not title else title
    kind = (found.type or "").lower()
    if kind == PRODUCTION or is_production_name(title):
        return Standing(name, IS_PRODUCTION)
    return Standing(name, "" if kind in _OTHERS else "of which the service does not say whether it is production")
