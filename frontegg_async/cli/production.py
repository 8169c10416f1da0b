"""Find out whether an environment is production. In production, commands ask before they change several accounts."""

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
"""The words about a production environment in a question."""
_OTHERS: Final = frozenset({"development", "staging", "qa"})
"""The types of environments that are not production."""


@attrs.frozen
class Standing:
    """The name of an environment, and whether it is production."""

    name: str
    """The name of the environment in questions. A person types this name to confirm."""
    about: str = ""
    """The part of a sentence that says that the environment is or may be production; empty if it is not."""

    @property
    def is_production(self) -> bool:
        """Whether the environment is or may be production."""
        return bool(self.about)

    def __str__(self) -> str:
        return f"{self.name}{self.about and ', '}{self.about}"


def stored_standing(connection: Connection) -> Standing:
    """Return the name and kind of an environment from the settings alone.

    Args:
        connection: The settings in use.
    """
    return Standing(connection.environment, IS_PRODUCTION if connection.production else "")


def standing_of(
    connection: Connection,
    run: Callable[[Callable[[AsyncFrontegg], Awaitable[EnvironmentDetails]]], EnvironmentDetails],
) -> Standing:
    """Return the name and kind of an environment from the settings, or otherwise from the service.

    An environment is treated as production unless the service reports another type.

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
        return Standing(stored.name, "which may be production (the service does not say)")
    title = (found.environment_name or "").strip()
    name = stored.name if connection.is_named or not title else title
    kind = (found.type or "").lower()
    if kind == PRODUCTION or is_production_name(title):
        return Standing(name, IS_PRODUCTION)
    return Standing(name, "" if kind in _OTHERS else "which may be production (the service does not say)")
