"""The address of a ledger in PostgreSQL."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

import attrs

from frontegg_async._values.kinds import shown
from frontegg_async.errors import InvalidArgumentError

DEFAULT_SCHEMA: Final = "frontegg_bulk"

_SCHEMES: Final = ("postgresql://", "postgres://")
_SCHEMA: Final = re.compile(r"[a-z_][a-z0-9_]{0,47}", re.ASCII)
_SECRETS: Final = re.compile("password|secret|scram", re.IGNORECASE)
_BAD_ESCAPE: Final = re.compile("%(?:00|(?![0-9a-f]{2}))", re.IGNORECASE)
_NUMBER: Final = re.compile("-?[0-9]{1,9}", re.ASCII)
_NUMBERS: Final = (
    "connect_timeout",
    "keepalives",
    "keepalives_idle",
    "keepalives_interval",
    "keepalives_count",
    "tcp_user_timeout",
)
_DEFAULTS: Final = {
    "application_name": "frontegg-bulk",
    "connect_timeout": "10",
    # Keepalives detect a server that disappeared without closing the connection.
    "keepalives_idle": "10",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "25000",
}
_SESSION: Final = (
    # A process that stops inside a transaction, or a host that disappears, must not block the other processes.
    "-c idle_in_transaction_session_timeout=10s"
    " -c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3"
)
"""Default session options for the server. The user's options override them."""


def is_postgres(ledger: str) -> bool:
    """Return whether the address of a ledger is a PostgreSQL address."""
    return ledger.startswith(_SCHEMES)


@attrs.frozen
class PostgresAddress:
    """The address of a ledger in PostgreSQL: a schema that contains nothing else."""

    name: str
    """The address as the caller wrote it. It contains no secret."""
    conninfo: str = attrs.field(repr=False)
    """The connection string for libpq."""
    schema: str
    """The name of the schema."""

    @classmethod
    def parse(cls, ledger: str) -> PostgresAddress:
        """Parse the address of a ledger.

        Args:
            ledger: A libpq URI without a password, such as ``postgresql://user@host/database?schema=import``.

        Raises:
            InvalidArgumentError: The address is not a URI, or contains a password or a parameter that libpq does not
                know. The message quotes no parameter value.
        """
        try:
            parts = urlsplit(ledger)
            unquote(ledger, errors="strict")
            pairs = parse_qsl(parts.query, keep_blank_values=True)
            query = dict(pairs)
            has_secret = parts.password is not None or any(_SECRETS.search(name) for name in query)
        except ValueError:
            raise InvalidArgumentError("ledger must be a URI, such as postgresql://user@host/database") from None
        if has_secret:
            raise InvalidArgumentError(
                "ledger must not contain a password: set the environment variable PGPASSWORD, or put the password into"
                " the passfile ~/.pgpass"
            )
        if "#" in ledger or _BAD_ESCAPE.search(ledger):
            raise InvalidArgumentError(
                "ledger must be a URI without #, and each % must be followed by two hexadecimal digits other than 00"
            )
        _check_parameters([name for name, _ in pairs], query)
        schema = query.pop("schema", DEFAULT_SCHEMA)
        if not _SCHEMA.fullmatch(schema) or schema.startswith("pg_"):
            raise InvalidArgumentError(
                "schema in the address of a ledger must be up to 48 lower-case letters, digits and _, and not begin"
                " with a digit or pg_"
            )
        own = f"-c search_path={schema} -c synchronous_commit=on -c client_encoding=utf8"
        query["options"] = " ".join(filter(None, (_SESSION, query.get("options"), own)))
        given = urlencode({**_DEFAULTS, **query}, quote_via=quote)
        return cls(ledger, f"postgresql://{parts.netloc}{parts.path}?{given}", schema)


def _check_parameters(names: Sequence[str], query: Mapping[str, str]) -> None:
    """Refuse repeated parameters, parameters that libpq does not know, and values that must be numbers but are not."""
    known = _known_parameters()
    for name in names:
        if names.count(name) > 1:
            raise InvalidArgumentError(f"ledger has the parameter {shown(name)} twice")
        if known and name not in known:
            raise InvalidArgumentError(
                f"ledger has the parameter {shown(name)}, which does not exist: allowed are schema and the parameters"
                " of libpq"
            )
        if name in _NUMBERS and not _NUMBER.fullmatch(query[name]):
            raise InvalidArgumentError(f"{name} in the address of a ledger must be a whole number")


def _known_parameters() -> frozenset[str]:
    """Return the allowed parameter names: names of libpq and our own. The result is empty without psycopg."""
    try:
        from psycopg.pq import Conninfo  # noqa: PLC0415 - it needs an extra
    except ImportError:
        return frozenset()
    return frozenset({"schema", "ssl", *(option.keyword.decode() for option in Conninfo.get_defaults())})
