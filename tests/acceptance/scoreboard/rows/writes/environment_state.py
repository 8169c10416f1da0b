"""The state of an environment before and after a write, and what was observed of the write."""

from __future__ import annotations

import functools
import random
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final, TypeAlias

import attrs

from frontegg_async import AsyncFrontegg, AsyncFronteggUser, Options
from frontegg_async._values.json_values import JsonValue
from frontegg_async.endpoints import Endpoint, Retry

Row: TypeAlias = dict[str, Any]

_THEN: Final = "2024-05-01T10:00:00.000Z"
PERMISSIONS: Final = ["fe.secure.*", "fe.account-hierarchy.*", "fe.account-settings.*"]
"""All that a user needs for the writes here."""

METADATA: Final[tuple[JsonValue, ...]] = (
    {"plan": "pro"},
    {"n": 1, "of": 2.0, "big": 2**60, "none": None, "list": [1, {"deep": []}], "ünï": "ç\u2028"},
    '{"as": "text", "n": 1.0}',
    [1, "two"],
    "42",
    {},
)
"""Values that the service keeps as text, some of them hard to compare."""
NAMES: Final = ("{}", " {} ", "{}/", "Ünïcode {} 名", '"{}"')
"""Forms of names; the service may trim them."""


@attrs.define
class Ground:
    """The state of an environment before the writes, as a snapshot has it.

    Args:
        client_id: The id of the environment.
        secret: Its secret.
        switches: How it differs from what is assumed.
        rng: Draws the fields of writes.
        home: The tenant of the user who makes the writes with a user's credential.
    """

    client_id: str
    secret: str
    switches: Mapping[str, str]
    rng: random.Random
    home: str = ""
    tenants: list[Row] = attrs.field(factory=list[Row])
    deleted: list[Row] = attrs.field(factory=list[Row])
    users: list[Row] = attrs.field(factory=list[Row])
    refresh_tokens: list[Row] = attrs.field(factory=list[Row])
    tables: dict[str, list[Row]] = attrs.field(factory=lambda: defaultdict(list))

    def tenant(self, tenant_id: str, *, gone: bool = False, **fields: object) -> str:
        """Have a tenant, or one that was deleted; return its id."""
        row = {
            "id": f"internal-{tenant_id}",
            "vendorId": "",
            "tenantId": tenant_id,
            "name": f"Before {tenant_id}",
            "createdAt": _THEN,
            "updatedAt": _THEN,
            **fields,
        }
        if gone:
            self.deleted.append({**row, "deletedAt": _THEN})
        else:
            self.tenants.append(row)
        return tenant_id

    def user(self, user_id: str, tenant_id: str, *more: str, **fields: object) -> str:
        """Have a user of tenants; return the id."""
        self.users.append(
            {
                "id": user_id,
                "email": f"{user_id}@example.com",
                "tenantId": tenant_id,
                "tenantIds": [tenant_id, *more],
                "permissions": PERMISSIONS,
                **fields,
            }
        )
        return user_id

    def session(self, mark: str, user_id: str, tenant_id: str) -> str:
        """Have a session of a user; return its id."""
        row = {"token": f"refresh-{mark}", "subject": user_id, "tenantId": tenant_id, "session": f"session-{mark}"}
        self.refresh_tokens.append({**row, "createdAt": _THEN})
        return f"session-{mark}"

    def row(self, table: str, row_id: str, tenant_id: str, **fields: object) -> str:
        """Have a row of a table; return its id."""
        self.tables[table].append({"id": row_id, "tenantId": tenant_id, **fields})
        return row_id

    def configuration(self, mark: str, tenant_id: str) -> str:
        """Have an SSO configuration of a tenant; return its id."""
        return self.row(
            "ssoConfigurations",
            f"sso-{mark}",
            tenant_id,
            type="saml",
            createdAt=_THEN,
            updatedAt=_THEN,
            generatedVerification=f"verify-{mark}",
            ssoEndpoint=f"https://before.example/{mark}",
        )

    def part(self, table: str, mark: str, tenant_id: str, **fields: object) -> tuple[str, str]:
        """Have an SSO configuration with a part; return both ids."""
        configuration = self.configuration(mark, tenant_id)
        part = self.row(table, f"part-{mark}", tenant_id, ssoConfigId=configuration, createdAt=_THEN, **fields)
        return configuration, part

    def api_token(self, client_id: str, tenant_id: str, user_id: str | None = None) -> str:
        """Have an API token of a tenant or of a user; return its client id. Its secret begins with ``emu_``."""
        return self.row("apiTokens", client_id, tenant_id, secret=secret_of(client_id), createdAt=_THEN, userId=user_id)

    def access_token(self, token_id: str, tenant_id: str, user_id: str | None = None) -> str:
        """Have an access token of a tenant or of a user; return its id."""
        return self.row("access_token", token_id, tenant_id, createdAt=_THEN, userId=user_id)

    def snapshot(self) -> Row:
        """Return all of it."""
        environment = {
            "client_id": self.client_id,
            "secret": self.secret,
            "divergences": dict(self.switches),
            "tenants": self.tenants,
            "deleted": self.deleted,
            "users": self.users,
            "refresh_tokens": self.refresh_tokens,
            "tables": dict(self.tables),
        }
        return {"version": 1, "environments": [environment]}


def secret_of(client_id: str) -> str:
    """Return the secret of an API token that is there from the start."""
    return f"emu_secret_of_{client_id}"


@attrs.frozen(slots=False)  # its properties are kept
class After:
    """The state of an environment after the writes."""

    environment: Row

    @functools.cached_property
    def tenants(self) -> dict[str, Row]:
        """The tenants by their ids."""
        return {row["tenantId"]: row for row in self.environment["tenants"]}

    @functools.cached_property
    def users(self) -> dict[str, Row]:
        """The users by their ids."""
        return {row["id"]: row for row in self.environment["users"]}

    @functools.cached_property
    def by_email(self) -> Mapping[str, list[Row]]:
        """The users by their e-mail addresses."""
        return _grouped(self.environment["users"], lambda row: str(row["email"]))

    @functools.cached_property
    def revoked(self) -> frozenset[str]:
        """The sessions whose refresh tokens were revoked."""
        return frozenset(row["session"] for row in self.environment["refresh_tokens"] if row["revoked"])

    @functools.cached_property
    def by_name(self) -> Mapping[str, list[Row]]:
        """The tenants by their trimmed names."""
        return _grouped(self.environment["tenants"], lambda row: str(row["name"]).strip().rstrip("/"))

    @functools.cached_property
    def migrations(self) -> Counter[str]:
        """How many migrations there are of each tenant."""
        rows = self.tables.get("migration", {}).values()
        return Counter(str(tenant["tenantId"]) for row in rows for tenant in row["tenants"])

    @functools.cached_property
    def tables(self) -> Mapping[str, dict[str, Row]]:
        """The rows of each table by their ids."""
        return {name: {row["id"]: row for row in rows} for name, rows in self.environment["tables"].items()}

    def row(self, table: str, row_id: str) -> Row | None:
        """Return a row of a table, if it is there."""
        return self.tables.get(table, {}).get(row_id)

    def count(self, table: str, field: str, value: str) -> int:
        """Return how many rows of a table have a value in a field."""
        return len(self._grouping(table, field)[value])

    @functools.cached_property
    def _groupings(self) -> dict[tuple[str, str], Mapping[str, list[Row]]]:
        return {}

    def _grouping(self, table: str, field: str) -> Mapping[str, list[Row]]:
        found = self._groupings.get((table, field))
        if found is None:
            rows = self.tables.get(table, {}).values()
            found = self._groupings[table, field] = _grouped(rows, lambda row: str(row.get(field)))
        return found


def field_of(after: After, table: str, row_id: str, name: str) -> object:
    """Return a field of a row, or ``None`` if there is no such row."""
    return (after.row(table, row_id) or {}).get(name)


def _grouped(rows: Any, key: Callable[[Row], str]) -> Mapping[str, list[Row]]:
    grouped: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        grouped[key(row)].append(row)
    return grouped


@attrs.frozen
class Sides:
    """The clients that can make a write.

    Args:
        frontegg: The environment's.
        user: That of the user of the home tenant.
        user_of: Makes the client of some other user.
    """

    frontegg: AsyncFrontegg
    user: AsyncFronteggUser
    user_of: Callable[[str, str], AsyncFronteggUser]


@attrs.frozen(kw_only=True)
class Write:
    """A write of the SDK, and how to see in the state that it was done.

    Args:
        endpoints: The operations that it writes with.
        call: Makes it.
        shown: Whether the state shows it.
        made: How many objects it created, where it creates one.
        returned: Whether what the call returned is what the state shows.
        form: What tells it from other writes with the same operation.
        similar: Makes something that is like it and differs in a detail, for creations; by default it makes the same.
        has_to_act: Whether a success means that a request of its own acted.
    """

    endpoints: tuple[Endpoint[Any], ...]
    call: Callable[[Sides, Options], Awaitable[object]]
    shown: Callable[[After], bool]
    made: Callable[[After], int] = attrs.field(default=lambda _: 0)
    returned: Callable[[Any, After], bool] = attrs.field(default=lambda _, __: True)
    form: str = ""
    similar: Callable[[Sides, Options], Awaitable[object]] | None = None
    has_to_act: bool = True

    @property
    def name(self) -> str:
        """A name for the report."""
        return " ".join(filter(None, (self.endpoints[0].name, self.form)))

    @property
    def is_never_repeated(self) -> bool:
        """Whether it may be sent once at most."""
        return any(endpoint.retry is Retry.NEVER for endpoint in self.endpoints)


Plan: TypeAlias = Callable[[Ground, str], Write]
"""Puts what a write needs into the ground, and returns the write; the text is a mark that no other write has."""
