"""`Operation`: the declaration of one operation of bulk work, with functions that check, send and read back rows."""

from __future__ import annotations

import enum
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Final, TypeAlias, cast

import attrs

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.checks import arguments
from frontegg_async._values.json_values import JsonValue
from frontegg_async.bulk.ledger import Before
from frontegg_async.bulk.store import Item
from frontegg_async.endpoints import Endpoint
from frontegg_async.errors import FronteggError, InvalidArgumentError
from frontegg_async.models.tenants import Tenant


@attrs.frozen(eq=False)
class Column:
    """A column of the input. It corresponds to a parameter of the method that writes a single tenant."""

    name: str
    """The name of the parameter."""
    aliases: tuple[str, ...]
    """Other accepted names, such as the field name of the API."""
    check: Callable[[object, str], None] = attrs.field(repr=False)
    """Checks a value, and raises `InvalidArgumentError` if it is invalid. The second argument names the value in the
    message.
    """
    is_plain: Callable[[str], object] = attrs.field(default=lambda _: False, repr=False)
    """Returns whether a text is certainly valid, so that ``check`` need not be called."""
    is_nullable: bool = False
    """Whether ``None`` clears the field. Otherwise ``None`` is the same as an omitted value."""
    is_flag: bool = False
    """Whether values are booleans. A cell of CSV is ``true`` or ``false``."""
    is_json: bool = False
    """Whether a value can be any JSON. A cell of CSV is JSON text."""


class Order(enum.Enum):
    """The order in which the rows of a job are sent."""

    INPUT = "input"
    """Rows of one tenant are sent in the order of the input. Rows of different tenants are sent concurrently."""
    ONCE = "once"
    """All rows are sent concurrently. A job has at most one row for each object of a tenant, for example for each user.
    """
    PARENTS_FIRST = "parents first"
    """The row of a tenant is sent after the row of its parent. A job has at most one row for each tenant."""
    CHILDREN_FIRST = "children first"
    """The row of a tenant is sent after the rows of the tenants below it. A job has at most one row for each tenant."""


class Shown(enum.Enum):
    """The effect of a row that may have been sent, as the service shows it."""

    DONE = "done"
    """The service shows the values of the row."""
    NOT_DONE = "not done"
    """The service does not show the values of the row, and the row can safely be sent again."""
    DIFFERENT = "different"
    """The service shows a tenant with different values, which the row must not replace."""


Send: TypeAlias = Callable[[Caller, Sequence[Item]], Awaitable[object]]
ReadBack: TypeAlias = Callable[[Caller, Sequence[Item]], Awaitable[Sequence[Shown | FronteggError]]]
Recognize: TypeAlias = Callable[[Item, Tenant], FronteggError | None]
"""Returns an error if the tenant may differ from the tenant that the input named, so that the row is not sent."""

Refuse: TypeAlias = Callable[[Before], FronteggError | None]
"""Returns the error with which the service would refuse a row; ``None`` if it would not. The argument is the present
values.
"""

ReadBefore: TypeAlias = Callable[[Caller, Sequence[Item]], Awaitable[Sequence[Mapping[str, object] | None]]]
"""Returns for each row the values that the row is about to replace; ``None`` if its tenant does not exist."""

After: TypeAlias = Callable[[Mapping[str, JsonValue]], Before]
"""Converts the values of a row into the values that the service shows afterwards; ``None`` for a deleted tenant."""


class RowProblem(Exception):  # noqa: N818 - internal: the caller turns it into a `BadRow`
    """A row is invalid.

    Args:
        column: The column, by its name in the input; ``None`` if the whole row is wrong.
        text: A description of the problem and of the allowed values.
    """

    def __init__(self, column: str | None, text: str) -> None:
        super().__init__(column, text)
        self.column = column
        self.text = text


CompleteRow: TypeAlias = Callable[[Mapping[str, JsonValue]], dict[str, JsonValue]]
"""Returns the values of a row, completed with data from the service; raises `RowProblem` for an invalid row."""
Complete: TypeAlias = Callable[[Caller], Awaitable[CompleteRow]]
"""Reads the data that completes the rows of a job. Called once, before the first row is sent."""

_KEY_OF_VALUE: Final = Column("key", (), arguments.check_json, is_nullable=True)
"""The column for the value of one key, such as ``metadata.plan``."""


def _by_name(columns: Iterable[Column]) -> Mapping[str, Column]:
    return MappingProxyType({column.name: column for column in columns})


@attrs.frozen(eq=False, kw_only=True)
class Operation:
    """The declaration of an operation of bulk work.

    A generator derives the method of ``frontegg.bulk`` from the declaration.
    """

    name: str
    """The name of the operation and of its method of ``frontegg.bulk``, such as ``create``."""
    thing: str = "tenant"
    """The noun for the written object in messages."""
    is_method: bool = True
    """Whether ``frontegg.bulk`` has a method for the operation. Otherwise only mixed jobs use the operation."""
    summary: str = attrs.field(repr=False)
    """The first line of the method's documentation."""
    details: str = attrs.field(default="", repr=False)
    """The paragraphs after the first line of the method's documentation."""
    rows: str = attrs.field(repr=False)
    """The columns of a row, in words, for the documentation."""
    will: str
    """The text with which a dry run reports the effect of a row."""
    columns: Mapping[str, Column] = attrs.field(converter=_by_name)
    """The columns that a row may have, by name."""
    required: tuple[str, ...] = ("tenant_id",)
    """The columns that each row must have."""
    key: str = "tenant_id"
    """The name of the column with the id of the written tenant. If a row has no value in this column, the job chooses
    the id.
    """
    part: str = ""
    """The name of the column that distinguishes the rows of one tenant if ``order`` is `Order.ONCE`."""
    changes: str = ""
    """The noun for optional columns if a row must have a value in at least one optional column; otherwise empty."""
    merged: str = ""
    """The name of a column whose value is an object. A row can set single keys of the object, or replace the whole
    object.
    """
    sends_fields: bool = False
    """Whether a row overwrites fields of the tenant. If so, the row of an old export would reset all fields.

    The method then has a parameter ``columns`` for the names of the columns to send.
    """
    order: Order = Order.INPUT
    """The order of sending."""
    makes_tenant: bool = False
    """Whether a row creates its tenant. Otherwise the tenant must already exist."""
    has_side_effects: bool = False
    """Whether a row may change fields of objects that other rows write. For example, a new default application changes
    the previous default application.

    If the flag is set, a row is not stale when the service already shows the value that the row sets.
    """
    is_confirmed: bool = False
    """Whether the caller must confirm a job before the first row is sent."""
    sends_email: bool = False
    """Whether a row may send an e-mail. If so, the method takes ``send_email``, which is off by default."""
    rate: str = attrs.field(default="", repr=False)
    """The default rate of a job; empty for the rate that the service allows."""
    is_destructive: bool = False
    """Whether a row deletes or locks its tenant."""
    is_lossy: bool = False
    """Whether a row may delete data that no undo restores, although the job needs no confirmation."""
    complete: Complete | None = attrs.field(default=None, repr=False)
    """Completes rows of the input with data from the service, for example with the id of a named plan."""
    recognize: Recognize | None = attrs.field(default=None, repr=False)
    """Distinguishes tenants of the input from later tenants with the same id. For this, the ledger stores creation
    times.
    """
    endpoint: Endpoint[object]
    """The endpoint to which rows are sent, and whose rate limit the job observes."""
    other_endpoints: tuple[Endpoint[object], ...] = ()
    """Other endpoints that a row may use to write."""
    batch: int = 1
    """The maximum number of rows in one request."""
    send: Send = attrs.field(repr=False)
    """Sends the checked rows of a batch."""
    read_back: ReadBack = attrs.field(repr=False)
    """Returns the effect of each row; an error for a row whose outcome stays unknown."""
    read_before: ReadBefore | None = attrs.field(default=None, repr=False)
    """Returns the values that rows are about to replace; ``None`` if a row replaces nothing."""
    refuse: Refuse | None = attrs.field(default=None, repr=False)
    """Returns the expected error of a row in a dry run. It is ``None`` if the only condition is that the tenant exists.
    """
    needs_before: bool = False
    """Whether every job of this operation stores the old values. They show the effect of a row that was in flight."""
    conflict: str = attrs.field(default="a tenant with this id exists and has other values than the row", repr=False)
    """The message of a row that fails with `Shown.DIFFERENT`, since the service shows other values."""
    read_compared: ReadBefore | None = attrs.field(default=None, repr=False)
    """Returns the values to compare with the expected values. It is ``None`` if ``read_before`` returns these values.
    """
    after: After = attrs.field(repr=False)
    """Returns the values that `read_now` returns after a row is done."""
    between: Before = attrs.field(default=None, repr=False)
    """The values that `read_now` returns between two requests of one row; ``None`` without such values."""
    aliases: Mapping[str, str] = attrs.field(init=False, repr=False)
    """The name of each column, by all accepted names of the column."""

    def __attrs_post_init__(self) -> None:
        names = {alias: column.name for column in self.columns.values() for alias in (column.name, *column.aliases)}
        object.__setattr__(self, "aliases", MappingProxyType(names))

    @property
    def read_now(self) -> ReadBefore:
        """The function that reads the values for comparison with the expected values."""
        return cast("ReadBefore", self.read_compared or self.read_before)

    def is_merged(self, name: str) -> bool:
        """Return whether a name stands for a single key, such as ``metadata.plan``.

        Args:
            name: The name of a value of a row.
        """
        return self.merged != "" and name.startswith(f"{self.merged}.")

    def check(self, values: Mapping[str, JsonValue]) -> tuple[str | None, str] | None:
        """Return the problem of a row; ``None`` for a valid row.

        Args:
            values: The values of the row, by names of columns.

        Returns:
            The column and a message. The column is ``None`` if the whole row is wrong.
        """
        missing = next((name for name in self.required if values.get(name) is None), None)
        if missing is not None:
            return missing, f"{self.name} needs {missing}, which is not given"
        for name, value in values.items():
            column = self.columns.get(name, _KEY_OF_VALUE if self.is_merged(name) else None)
            if column is None:
                return name, f"{self.name} has no column of this name; its columns are {', '.join(self.columns)}"
            if value is None:
                if not column.is_nullable and self.changes:
                    return name, f"{name} must not be null: it cannot be cleared"
                continue
            try:
                column.check(value, name)
            except InvalidArgumentError as error:
                return name, error.message
        if self.changes and not values.keys() - set(self.required):
            skips = "; with columns= or --columns, rows without a value in the named columns are left out"
            return None, f"{self.name} needs at least one {self.changes} to change{skips}"
        parent = values.get("parent_tenant_id", values.get("parent_id"))
        if parent is not None and parent == values.get(self.key):
            return ("parent_id" if "parent_id" in values else "parent_tenant_id"), "a tenant cannot be its own parent"
        return None
