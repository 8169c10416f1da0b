"""The address of a ledger in PostgreSQL."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

import attrs

from frontegg_async.errors import InvalidArgumentError

DEFAULT_SCHEMA: Final = "frontegg_bulk"

_SCHEMES: Final = ("postgresql://", "postgres://")
_SCHEMA: Final = re.compile(r"[a-z_][a-z0-9_]{0,47}", re.ASCII)
_SECRETS: Final = re.compile("password|secret")
_DEFAULTS: Final = {
    "application_name": "frontegg-bulk",
    "connect_timeout": "10",
    # A server that is gone without a word is noticed.
    "keepalives_idle": "10",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "25000",
}
_SESSION: Final = (
    # A process that is stopped in a transaction, or a host that is gone, does not keep the others from their rows.
    "-c idle_in_transaction_session_timeout=10s"
    " -c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3"
)
"""What the server is told by default; what the user says goes before it."""


def is_postgres(ledger: str) -> bool:
    """Return whether the address of a ledger is one of PostgreSQL."""
    return ledger.startswith(_SCHEMES)


@attrs.frozen
class PostgresAddress:
    """The address of a ledger in PostgreSQL: a schema of a database, which has nothing else in it."""

    name: str
    """The address as it was given, which has no secret in it."""
    conninfo: str = attrs.field(repr=False)
    """What libpq is given."""
    schema: str
    """The name of the schema."""

    @classmethod
    def parse(cls, ledger: str) -> PostgresAddress:
        """Return an address.

        Args:
            ledger: A URI of libpq, as ``postgresql://user@host/database?schema=import``, without a password.

        Raises:
            InvalidArgumentError: It has a password, or is none.
        """
        try:
            parts = urlsplit(ledger)
            query = dict(parse_qsl(parts.query, keep_blank_values=True))
            has_secret = parts.password is not None or any(_SECRETS.search(name) for name in query)
        except ValueError:
            raise InvalidArgumentError("ledger must be a URI, as postgresql://user@host/database") from None
        if has_secret:
            raise InvalidArgumentError(
                "ledger must not have a password in it: set the environment variable PGPASSWORD, or have it in the"
                " passfile, ~/.pgpass"
            )
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
