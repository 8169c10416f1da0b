"""The operations of bulk work as data: what the rows of each may have, and how a row is checked."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final, cast

import attrs

from frontegg_async._core.checks import arguments
from frontegg_async._values.fields import wire_name
from frontegg_async._values.flags import check_flag
from frontegg_async._values.json_values import JsonValue
from frontegg_async.errors import InvalidArgumentError
from frontegg_async.models.account_settings import TenantSettingsUpdate
from frontegg_async.models.tenant_writes import TenantCreate, TenantUpdate

_Check = Callable[[object, str], None]


@attrs.frozen(eq=False)
class Column:
    """A column of the input: a parameter of the method of one tenant."""

    name: str
    """The name of the parameter."""
    aliases: tuple[str, ...]
    """Other names that are accepted: that on the wire, and what else the column is called elsewhere."""
    check: _Check = attrs.field(repr=False)
    """Refuses a value, by `InvalidArgumentError`; its arguments are the value and the name for the message."""
    is_plain: Callable[[str], object] = attrs.field(default=lambda _: False, repr=False)
    """Whether a text is what nearly all values are, for which ``check`` need not be called."""
    is_nullable: bool = False
    """Whether ``None`` is sent, and clears the field; otherwise ``None`` is the same as not given."""
    is_flag: bool = False
    """Whether values are booleans, so that a cell of CSV is ``true`` or ``false``."""
    is_json: bool = False
    """Whether values are any JSON, so that a cell of CSV is JSON text."""


@attrs.frozen(eq=False)
class BulkOperation:
    """An operation of bulk work."""

    name: str
    """The name, as ``create``: that of the method of ``frontegg.bulk``."""
    columns: Mapping[str, Column]
    """The columns that a row may have, by name."""
    required: tuple[str, ...] = ("tenant_id",)
    """The columns that each row must have."""
    key: str = "tenant_id"
    """The column with the id of the tenant that is written."""
    changes: str = ""
    """What a row must have at least one of, beside the required columns, in a word for messages; empty for nothing."""
    batch: int = 1
    """The most rows that are sent in one request."""
    is_unique: bool = False
    """Whether no two rows may have the same key."""
    merged: str = ""
    """The column whose keys are merged where they have columns of their own; its whole value is replaced."""
    sends_fields: bool = False
    """Whether fields of a row are written over those of the tenant: of an export, all would be set back."""
    aliases: Mapping[str, str] = attrs.field(init=False, repr=False)
    """The name of the column by each of its names."""

    def __attrs_post_init__(self) -> None:
        names = {alias: column.name for column in self.columns.values() for alias in (column.name, *column.aliases)}
        object.__setattr__(self, "aliases", MappingProxyType(names))

    def is_merged(self, name: str) -> bool:
        """Return whether a value is that of one key, as of ``metadata.plan``.

        Args:
            name: Its name among the values of a row.
        """
        return self.merged != "" and name.startswith(f"{self.merged}.")

    def problem(self, values: Mapping[str, JsonValue]) -> tuple[str | None, str] | None:
        """Return why a row cannot be used: the column, if it is one, and what is wrong; ``None`` if it can.

        Args:
            values: The values of the row, by names of columns.
        """
        missing = next((name for name in self.required if values.get(name) is None), None)
        if missing is not None:
            return missing, f"{self.name} needs {missing}, which is not given"
        for name, value in values.items():
            column = self.columns.get(name, _KEY if self.is_merged(name) else None)
            if column is None:
                return name, f"{self.name} has no column of this name; it has {', '.join(self.columns)}"
            if value is None:
                if not column.is_nullable and self.changes:
                    return name, f"{name} must not be null: it cannot be cleared"
                continue
            try:
                column.check(value, name)
            except InvalidArgumentError as error:
                return name, error.message
        if self.changes and not values.keys() - set(self.required):
            return None, f"{self.name} must be given at least one {self.changes} to change"
        parent = values.get("parent_tenant_id", values.get("parent_id"))
        if parent is not None and parent == values.get(self.key):
            return ("parent_id" if "parent_id" in values else "parent_tenant_id"), "a tenant cannot be under itself"
        return None


def _check_text(value: object, argument: str) -> None:
    arguments.check_text(value, argument, allow_empty=True)


def _check_flag(value: object, argument: str) -> None:
    check_flag(value, argument, InvalidArgumentError)


def _check_mapping(value: object, argument: str) -> None:
    if not isinstance(value, Mapping):
        raise InvalidArgumentError(f"{argument} must be a mapping of keys to values")
    arguments.check_json(cast("object", value), argument)


def _id(name: str, *aliases: str) -> Column:
    return Column(name, aliases, arguments.check_id)


_KEY: Final = Column("key", (), arguments.check_json, is_nullable=True)
"""The value of one key."""
_TENANT_ID: Final = Column("tenant_id", ("tenantId",), arguments.check_id, arguments.is_plain)
_IS_PLAIN_NAME: Final = re.compile(r"[\x00-\x7f]+").fullmatch
_FLAGS: Final = frozenset({"is_reseller"})


def _column(field: attrs.Attribute[object], *, is_update: bool) -> Column:
    """Return the column of a field of a write model."""
    name, wire = field.name, wire_name(field)
    if name == "tenant_id":
        return _TENANT_ID
    if name == "parent_tenant_id":
        return _id(name, wire)
    if name == "name":
        return Column(name, (), arguments.check_text, _IS_PLAIN_NAME)
    if name in _FLAGS:
        return Column(name, (wire,), _check_flag, is_flag=True)
    aliases = () if wire == name else (wire,)
    if name == "metadata":
        return Column(name, aliases, arguments.check_json_or_text, is_nullable=is_update, is_json=True)
    return Column(name, aliases, _check_text, str.isascii, is_nullable=is_update)


def _columns(model: type[attrs.AttrsInstance], *, leave: str = "") -> dict[str, Column]:
    is_update = model is not TenantCreate
    columns = [_column(field, is_update=is_update) for field in attrs.fields(model) if field.name != leave]
    return {column.name: column for column in (_TENANT_ID, *columns)}


def _of(*columns: Column) -> Mapping[str, Column]:
    return {column.name: column for column in columns}


OPERATIONS: Final[Mapping[str, BulkOperation]] = MappingProxyType(
    {
        operation.name: operation
        for operation in (
            BulkOperation("create", _columns(TenantCreate), ("name",), is_unique=True),
            BulkOperation(
                "update",
                _columns(TenantUpdate, leave="parent_tenant_id"),
                changes="field",
                merged="metadata",
                sends_fields=True,
            ),
            BulkOperation(
                "add_metadata",
                _of(_TENANT_ID, Column("metadata", (), _check_mapping, is_json=True)),
                ("tenant_id", "metadata"),
                sends_fields=True,
            ),
            BulkOperation(
                "delete_metadata",
                _of(_TENANT_ID, Column("key", (), arguments.check_path_value)),
                ("tenant_id", "key"),
            ),
            BulkOperation("delete", _of(_TENANT_ID), is_unique=True),
            BulkOperation("lock", _of(_TENANT_ID), batch=100),
            BulkOperation("unlock", _of(_TENANT_ID), batch=100),
            BulkOperation(
                "assign",
                _of(
                    _id("child_id", "childTenantId", "child_tenant_id", "tenant_id", "tenantId"),
                    _id("parent_id", "parentTenantId", "parent_tenant_id"),
                ),
                ("child_id", "parent_id"),
                key="child_id",
            ),
            BulkOperation("account_settings", _columns(TenantSettingsUpdate), changes="setting", sends_fields=True),
        )
    }
)
"""All operations, by name."""
