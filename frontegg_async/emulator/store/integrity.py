"""Checks that the records of a snapshot or of a persistence file are valid and consistent with each other."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Final

from frontegg_async.emulator.checks.arguments import lifetime
from frontegg_async.emulator.checks.nesting import is_too_deep, is_too_deep_text
from frontegg_async.emulator.store.stored_records import Record
from frontegg_async.emulator.store.table_row import Find, TableRow
from frontegg_async.emulator.store.tables import NAMES
from frontegg_async.emulator.store.tenant_rows import StoredTenant, TenantRow, is_valid_tenant_id
from frontegg_async.emulator.store.user_rows import RefreshToken, UserRow

_TIMESTAMP: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", re.ASCII)


def check_records(records: Iterable[Record]) -> None:
    """Check records of tenants, users, tokens and rows. Cycles of parents are found later by `state_of`.

    Raises:
        ValueError: Two records have the same id, a tenant both exists and is deleted, a value is malformed, or a
        user or a row has a tenant that does not exist.
    """
    alive: set[str] = set()
    deleted: set[str] = set()
    tokens: set[str] = set()
    users: dict[str, UserRow] = {}
    rows: list[TableRow] = []
    for record in records:
        match record:
            case StoredTenant(tenant_id=tenant_id):
                _check_new(tenant_id in alive, "tenant", tenant_id)
                _check_tenant(record, is_deleted=False)
                alive.add(tenant_id)
            case TenantRow(tenant_id=tenant_id):
                _check_new(tenant_id in deleted, "deleted tenant", tenant_id)
                _check_tenant(record, is_deleted=True)
                deleted.add(tenant_id)
            case UserRow(id=user_id):
                _check_new(user_id in users, "user", user_id)
                users[user_id] = record
            case RefreshToken(token=token):
                _check_new(token in tokens, "refresh token", token[:4])
                _check_refresh_token(record)
                tokens.add(token)
            case TableRow():
                rows.append(record)
    if both := alive & deleted:
        raise ValueError(f"tenant {min(both)!r} is both alive and deleted")
    for user in users.values():
        check_user(user, alive | deleted)
    check_rows(rows, alive)


def _check_new(seen: bool, kind: str, name: str) -> None:
    if seen:
        raise ValueError(f"{kind} {name!r} exists twice")


def _check_tenant(row: TenantRow, *, is_deleted: bool) -> None:
    place = f"tenant {row.tenant_id!r}"
    if not is_valid_tenant_id(row.tenant_id):
        raise ValueError(f"{place}: the tenantId is not valid")
    if (row.deleted_at is not None) is not is_deleted:
        raise ValueError(f"{place}: deletedAt must be {'a time' if is_deleted else 'null'}")
    for moment in (row.created_at, row.updated_at, row.deleted_at):
        if moment is not None:
            _check_timestamp(moment, place)
    if row.metadata is not None and is_too_deep_text(row.metadata):
        raise ValueError(f"{place}: the metadata is nested too deeply")


def _check_timestamp(text: str, place: str) -> None:
    try:
        if _TIMESTAMP.fullmatch(text):
            datetime.fromisoformat(text)
            return
    except ValueError:
        pass
    raise ValueError(f"{place}: {text[:40]!r} is not a time in the form 2024-01-31T12:00:00.000Z")


def check_user(user: UserRow, tenants: Collection[str]) -> None:
    """Check that a user's tenants, memberships and other values are valid.

    Args:
        user: The user.
        tenants: The ids of all tenants.

    Raises:
        ValueError: The user has no tenant, the same tenant twice, an unknown tenant, or a membership in a tenant that
        is not one of the user's tenants. Or a value is malformed.
    """
    place = f"user {user.id!r}"
    if not user.tenant_ids:
        raise ValueError(f"{place}: the user has no tenant")
    if len(set(user.tenant_ids)) != len(user.tenant_ids):
        raise ValueError(f"{place}: the user has the same tenant twice")
    for tenant_id in user.tenant_ids:
        if tenant_id not in tenants:
            raise ValueError(f"{place}: tenant {tenant_id!r} does not exist")
    if elsewhere := user.memberships.keys() - set(user.tenant_ids):
        raise ValueError(f"{place}: the user has a membership in {min(elsewhere)!r}, which is not one of its tenants")
    ends = (membership.expires for membership in user.memberships.values())
    for moment in (user.created_at, user.last_login, *ends):
        if moment is not None:
            _check_timestamp(moment, place)
    if is_too_deep(user.metadata) or is_too_deep(user.vendor_metadata):
        raise ValueError(f"{place}: the metadata is nested too deeply")


def _check_refresh_token(row: RefreshToken) -> None:
    for moment in (row.created_at, row.expires_at):
        if moment is not None:
            _check_timestamp(moment, "a refresh token")
    if is_too_deep(row.claims):
        raise ValueError("a refresh token: the claims are nested too deeply")
    claims = row.claims or {}
    if ("sub" in claims or "tenantId" in claims) and not isinstance(claims.get("tenantId"), str):
        raise ValueError("a refresh token: the claims name no tenant")
    if row.ttl is not None:
        lifetime(row.ttl, "the ttl of a refresh token")


def _nothing(_kind: type[TableRow], _key: str) -> TableRow | None:
    return None


def check_rows(rows: Iterable[TableRow], tenants: Collection[str], present: Find = _nothing) -> None:
    """Check the rows of tables.

    Args:
        rows: The rows.
        tenants: The ids of all tenants.
        present: The function that returns an existing row by its type and id.

    Raises:
        ValueError: Two rows of a table have the same id, or a row is not valid.
    """
    seen: dict[tuple[type[TableRow], str], TableRow] = {}
    for row in rows:
        is_there = (type(row), row.id) in seen or present(type(row), row.id) is not None
        _check_new(is_there, f"row of {NAMES[type(row)]}", row.id)
        seen[type(row), row.id] = row
    for row in seen.values():
        place = f"row {row.id!r} of {NAMES[type(row)]}"
        if row.tenant_id and row.tenant_id not in tenants:
            raise ValueError(f"{place}: tenant {row.tenant_id!r} does not exist")
        for moment in row.moments():
            _check_timestamp(moment, place)
        if problem := row.problem(lambda kind, key: seen.get((kind, key)) or present(kind, key)):
            raise ValueError(f"{place}: {problem}")
