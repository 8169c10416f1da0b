"""What an operation of bulk work is: data, and the functions that check a row, send rows, and read them back."""

from __future__ import annotations

import enum
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Final, TypeAlias

import attrs

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.checks import arguments
from frontegg_async._values.json_values import JsonValue
from frontegg_async.bulk.ledger import Item
from frontegg_async.endpoints import Endpoint
from frontegg_async.errors import FronteggError, InvalidArgumentError
from frontegg_async.models.tenants import Tenant


@attrs.frozen(eq=False)
class Column:
    """A column of the input: a parameter of the method of one tenant."""

    name: str
    """The name of the parameter."""
    aliases: tuple[str, ...]
    """Other names that are accepted: that on the wire, and what else the column is called elsewhere."""
    check: Callable[[object, str], None] = attrs.field(repr=False)
    """Refuses a value, by `InvalidArgumentError`; its arguments are the value and the name for the message."""
    is_plain: Callable[[str], object] = attrs.field(default=lambda _: False, repr=False)
    """Whether a text is what nearly all values are, for which ``check`` need not be called."""
    is_nullable: bool = False
    """Whether ``None`` is sent, and clears the field; otherwise ``None`` is the same as not given."""
    is_flag: bool = False
    """Whether values are booleans, so that a cell of CSV is ``true`` or ``false``."""
    is_json: bool = False
    """Whether values are any JSON, so that a cell of CSV is JSON text."""


class Order(enum.Enum):
    """In which order the rows of a job are sent."""

    INPUT = "input"
    """Rows of one tenant in the order of the input, all others beside each other."""
    PARENTS_FIRST = "parents first"
    """A tenant after its parent; no two rows are for one tenant."""
    CHILDREN_FIRST = "children first"
    """A tenant after those below it; no two rows are for one tenant."""


class Shown(enum.Enum):
    """What the service shows of a row that may have been sent."""

    DONE = "done"
    """It shows what was asked for."""
    NOT_DONE = "not done"
    """It does not, and to send it again does no harm."""
    DIFFERENT = "different"
    """It shows something else in the place of what was asked for."""


Send: TypeAlias = Callable[[Caller, Sequence[Item]], Awaitable[object]]
ReadBack: TypeAlias = Callable[[Caller, Sequence[Item]], Awaitable[Sequence[Shown | FronteggError]]]
Recognize: TypeAlias = Callable[[Item, Tenant], FronteggError | None]
"""Returns why a row is not sent, if the tenant that is there is not known to be the one that the input named."""

_KEY_OF_VALUE: Final = Column("key", (), arguments.check_json, is_nullable=True)
"""The value of one key, as that of ``metadata.plan``."""


def _by_name(columns: Iterable[Column]) -> Mapping[str, Column]:
    return MappingProxyType({column.name: column for column in columns})


@attrs.frozen(eq=False, kw_only=True)
class Operation:
    """An operation of bulk work. The method of ``frontegg.bulk`` is generated from its declaration."""

    name: str
    """The name, as ``create``: that of the method of ``frontegg.bulk``."""
    summary: str = attrs.field(repr=False)
    """The first line of the method's documentation."""
    details: str = attrs.field(default="", repr=False)
    """The paragraphs after it."""
    rows: str = attrs.field(repr=False)
    """What a row has, for the documentation."""
    will: str
    """What would be done, for a dry run."""
    columns: Mapping[str, Column] = attrs.field(converter=_by_name)
    """The columns that a row may have, by name."""
    required: tuple[str, ...] = ("tenant_id",)
    """The columns that each row must have."""
    key: str = "tenant_id"
    """The column with the id of the tenant that is written; a row without it gets an id that only the job knows."""
    changes: str = ""
    """What a row must have at least one of, beside the required columns, in a word for messages; empty for nothing."""
    merged: str = ""
    """The column whose keys are merged where they have columns of their own; its whole value is replaced."""
    sends_fields: bool = False
    """Whether fields of a row are written over those of the tenant: of an export, all would be set back.

    So the method takes the names of the columns to send.
    """
    order: Order = Order.INPUT
    """In which order rows are sent."""
    makes_tenant: bool = False
    """Whether there must be no such tenant before; otherwise there must be one."""
    is_confirmed: bool = False
    """Whether a job must be confirmed before anything is sent."""
    recognize: Recognize | None = attrs.field(default=None, repr=False)
    """Knows the tenants of the input from later ones; the ledger keeps when they were created, if this is given."""
    endpoint: Endpoint[object]
    """The operation of the service that writes, which a rate limit holds for."""
    batch: int = 1
    """The most rows that are sent in one request."""
    send: Send = attrs.field(repr=False)
    """Makes the call for the rows of a batch, which were checked."""
    read_back: ReadBack = attrs.field(repr=False)
    """Returns what the service shows of each of some rows; an error of those whose outcome stays unknown."""
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

    def check(self, values: Mapping[str, JsonValue]) -> tuple[str | None, str] | None:
        """Return why a row cannot be used: the column, if it is one, and what is wrong; ``None`` if it can.

        Args:
            values: The values of the row, by names of columns.
        """
        missing = next((name for name in self.required if values.get(name) is None), None)
        if missing is not None:
            return missing, f"{self.name} needs {missing}, which is not given"
        for name, value in values.items():
            column = self.columns.get(name, _KEY_OF_VALUE if self.is_merged(name) else None)
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
