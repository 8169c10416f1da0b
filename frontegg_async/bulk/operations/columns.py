"""Columns that several operations share, and the columns of a write model."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import attrs

from frontegg_async._core.checks import arguments
from frontegg_async._values.fields import wire_name
from frontegg_async._values.flags import check_flag
from frontegg_async.bulk.operation import Column
from frontegg_async.errors import InvalidArgumentError
from frontegg_async.models.tenant_writes import TenantCreate

TENANT_ID: Final = Column("tenant_id", ("tenantId",), arguments.check_id, arguments.is_plain)
"""The column with the id of the written tenant."""

_IS_PLAIN_NAME: Final = re.compile(r"[\x00-\x7f]+").fullmatch
_FLAGS: Final = frozenset({"is_reseller"})


def _check_text(value: object, argument: str) -> None:
    arguments.check_text(value, argument, allow_empty=True)


def _check_flag(value: object, argument: str) -> None:
    check_flag(value, argument, InvalidArgumentError)


def id_column(name: str, *aliases: str) -> Column:
    """Return a column with the id of a tenant.

    Args:
        name: The name of the column.
        aliases: Other accepted names.
    """
    return Column(name, aliases, arguments.check_id)


def columns_of(model: type[attrs.AttrsInstance], *, leave: str = "") -> Sequence[Column]:
    """Return the columns of a write model, with the tenant id first.

    Args:
        model: The model.
        leave: The name of a field that gets no column; empty if all fields get a column.
    """
    is_update = model is not TenantCreate
    found = [_column(field, is_update=is_update) for field in attrs.fields(model) if field.name != leave]
    return [TENANT_ID, *(column for column in found if column is not TENANT_ID)]


def _column(field: attrs.Attribute[object], *, is_update: bool) -> Column:
    """Return the column of a field of a write model."""
    name, wire = field.name, wire_name(field)
    if name == "tenant_id":
        return TENANT_ID
    if name == "parent_tenant_id":
        return id_column(name, wire)
    if name == "name":
        return Column(name, (), arguments.check_text, _IS_PLAIN_NAME)
    if name in _FLAGS:
        return Column(name, (wire,), _check_flag, is_flag=True)
    aliases = () if wire == name else (wire,)
    if name == "metadata":
        return Column(name, aliases, arguments.check_json_or_text, is_nullable=is_update, is_json=True)
    return Column(name, aliases, _check_text, str.isascii, is_nullable=is_update)
