"""Check the address of a mirror's database."""

from __future__ import annotations

from typing import Final

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from frontegg_async._values.kinds import kind_of
from frontegg_async.errors import ConfigurationError

_DRIVERS: Final = {"postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg", "sqlite": "sqlite+aiosqlite"}
_ALLOWED: Final = "url must be an address such as postgresql://user@host/database or sqlite:///file"


def database_url(url: object) -> URL:
    """Parse the address of a database, and add the driver that the mirror uses.

    Args:
        url: An address such as ``postgresql://user@host/database`` or ``sqlite:///file``.

    Raises:
        ConfigurationError: The address is invalid. The message does not quote the address, which may contain a
            password.
    """
    if not isinstance(url, str | URL):
        raise ConfigurationError(f"{_ALLOWED}, not {kind_of(url)}")
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise ConfigurationError(_ALLOWED) from None
    backend, _, driver = parsed.drivername.partition("+")
    full = _DRIVERS.get(backend)
    if full is None or driver not in ("", full.partition("+")[2]):
        raise ConfigurationError(f"{_ALLOWED}; the address must not name a driver other than psycopg or aiosqlite")
    if backend == "sqlite" and parsed.database in (None, "", ":memory:"):
        raise ConfigurationError("url must name a file, such as sqlite:///accounts.db, not a database in memory")
    return parsed.set(drivername=full)
