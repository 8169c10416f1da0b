"""`Operation`: data and functions for one operation of bulk work: check a row, send rows, and read them back."""

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
    """A column of the input: a parameter of the method of one tenant."""

    name: str
    """The name of the parameter."""
    aliases: tuple[str, ...]
    """Other accepted names: the name on the wire, and names of the column elsewhere."""
    check: Callable[[object, str], None] = attrs.field(repr=False)
    """Raises `InvalidArgumentError` for an invalid value; takes the value and the name for the message."""
    is_plain: Callable[[str], object] = attrs.field(default=lambda _: False, repr=False)
    """Whether a text is an ordinary value, for which ``check`` need not be called."""
    is_nullable: bool = False
    """Whether ``None`` is sent and clears the field; otherwise ``None`` is the same as an omitted value."""
    is_flag: bool = False
    """Whether values are booleans, so that a cell of CSV is ``true`` or ``false``."""
    is_json: bool = False
    """Whether values are any JSON, so that a cell of CSV is JSON text."""


class Order(enum.Enum):
    """The order in which the rows of a job are sent."""

    INPUT = "input"
    """Rows of one tenant in the order of the input, all others beside each other."""
    ONCE = "once"
    """All rows beside each other; no two rows are for one part of one tenant, as a user there."""
    PARENTS_FIRST = "parents first"
    """A tenant after its parent; no two rows are for one tenant."""
    CHILDREN_FIRST = "children first"
    """A tenant after those below it; no two rows are for one tenant."""


class Shown(enum.Enum):
    """The effect of a row that may have been sent, as the service shows it."""

    DONE = "done"
    """The service shows the values of the row."""
    NOT_DONE = "not done"
    """The service does not show them, and to send the row again does no harm."""
    DIFFERENT = "different"
    """The service shows a tenant with other values, which the row must not replace."""


Send: TypeAlias = Callable[[Caller, Sequence[Item]], Awaitable[object]]
ReadBack: TypeAlias = Callable[[Caller, Sequence[Item]], Awaitable[Sequence[Shown | FronteggError]]]
Recognize: TypeAlias = Callable[[Item, Tenant], FronteggError | None]
"""Returns the error of a row that is not sent: its tenant may not be the one that the input named."""

Refuse: TypeAlias = Callable[[Before], FronteggError | None]
"""Returns the error of a row that the service would refuse, from the values before."""

ReadBefore: TypeAlias = Callable[[Caller, Sequence[Item]], Awaitable[Sequence[Mapping[str, object] | None]]]
"""Returns the values that each of some rows is about to replace; ``None`` for a row whose tenant does not exist."""

After: TypeAlias = Callable[[Mapping[str, JsonValue]], Before]
"""Returns the values that the service shows when a row is done, from the values of the row; ``None`` for no tenant."""


class RowProblem(Exception):  # noqa: N818 - no error of its own: a `BadRow` is made of it
    """A row cannot be used.

    Args:
        column: The column, by its name in the input; ``None`` if the whole row is wrong.
        text: The problem, and the allowed values.
    """

    def __init__(self, column: str | None, text: str) -> None:
        super().__init__(column, text)
        self.column = column
        self.text = text


CompleteRow: TypeAlias = Callable[[Mapping[str, JsonValue]], dict[str, JsonValue]]
"""Returns the values of a row with what only the service knows; raises `RowProblem` for an invalid row."""
Complete: TypeAlias = Callable[[Caller], Awaitable[CompleteRow]]
"""Reads what completes the rows of a job, once, before anything is sent."""

_KEY_OF_VALUE: Final = Column("key", (), arguments.check_json, is_nullable=True)
"""The value of one key, as that of ``metadata.plan``."""


def _by_name(columns: Iterable[Column]) -> Mapping[str, Column]:
    return MappingProxyType({column.name: column for column in columns})


@attrs.frozen(eq=False, kw_only=True)
class Operation:
    """An operation of bulk work. The method of ``frontegg.bulk`` is generated from its declaration."""

    name: str
    """The name, as ``create``: that of the method of ``frontegg.bulk``."""
    thing: str = "tenant"
    """The word for what a row writes."""
    is_method: bool = True
    """Whether ``frontegg.bulk`` has a method for it; otherwise only rows of mixed jobs have it."""
    summary: str = attrs.field(repr=False)
    """The first line of the method's documentation."""
    details: str = attrs.field(default="", repr=False)
    """The paragraphs after it."""
    rows: str = attrs.field(repr=False)
    """The columns of a row, for the documentation."""
    will: str
    """The effect of a row, as a dry run reports it."""
    columns: Mapping[str, Column] = attrs.field(converter=_by_name)
    """The columns that a row may have, by name."""
    required: tuple[str, ...] = ("tenant_id",)
    """The columns that each row must have."""
    key: str = "tenant_id"
    """The column with the id of the tenant that is written; a row without it gets an id that only the job knows."""
    part: str = ""
    """The column that distinguishes the rows of one tenant, of an operation in the order `Order.ONCE`."""
    changes: str = ""
    """A word for the columns of which a row must have one beside the required ones; empty if it needs none."""
    merged: str = ""
    """The column whose keys are merged where they have columns of their own; its whole value is replaced."""
    sends_fields: bool = False
    """Whether a row overwrites fields of the tenant, so that a row of an export would set all of them back.

    The method takes the names of the columns to send.
    """
    order: Order = Order.INPUT
    """The order in which rows are sent."""
    makes_tenant: bool = False
    """Whether a row makes its tenant; otherwise the tenant must exist before."""
    has_side_effects: bool = False
    """Whether a row may set fields of what other rows write, as an application that becomes the default one does.

    A value that a row sets already then does not make the row stale.
    """
    is_confirmed: bool = False
    """Whether a job must be confirmed before anything is sent."""
    sends_email: bool = False
    """Whether a row may send an e-mail: the method then asks for ``send_email``, which is off by default."""
    rate: str = attrs.field(default="", repr=False)
    """The rate of a job without one of its own; empty for what the service allows."""
    is_destructive: bool = False
    """Whether a row deletes or locks its tenant."""
    is_lossy: bool = False
    """Whether a row may delete what no undo restores, without a job that is confirmed: a person is asked everywhere."""
    complete: Complete | None = attrs.field(default=None, repr=False)
    """Returns what completes rows of the input with what only the service knows, as the id of a plan that is named."""
    recognize: Recognize | None = attrs.field(default=None, repr=False)
    """Distinguishes the tenants of the input from later ones; with it, the ledger keeps when they were created."""
    endpoint: Endpoint[object]
    """The operation of the service that writes, and has the rate limit."""
    other_endpoints: tuple[Endpoint[object], ...] = ()
    """The other operations of the service that a row may write with."""
    batch: int = 1
    """The most rows that are sent in one request."""
    send: Send = attrs.field(repr=False)
    """Makes the call for the checked rows of a batch."""
    read_back: ReadBack = attrs.field(repr=False)
    """Returns the effect of each of some rows; an error for a row whose outcome stays unknown."""
    read_before: ReadBefore | None = attrs.field(default=None, repr=False)
    """Returns the values that rows are about to replace; ``None`` if a row replaces nothing."""
    refuse: Refuse | None = attrs.field(default=None, repr=False)
    """Returns the error that a dry run reports for a row whose tenant exists; ``None`` if the tenant decides alone."""
    needs_before: bool = False
    """Whether the ledger keeps the values before in every job: the outcome of a row in flight depends on them."""
    conflict: str = attrs.field(default="a tenant with this id exists and differs from the one asked for", repr=False)
    """The message of a row that fails because the service shows other values, see `Shown.DIFFERENT`."""
    read_compared: ReadBefore | None = attrs.field(default=None, repr=False)
    """Returns the values that are compared with those that rows expect, if ``read_before`` returns others."""
    after: After = attrs.field(repr=False)
    """Returns the values that `read_now` returns when a row is done."""
    between: Before = attrs.field(default=None, repr=False)
    """The values that `read_now` returns between the requests of a row, if it has such values."""
    aliases: Mapping[str, str] = attrs.field(init=False, repr=False)
    """The name of the column by each of its names."""

    def __attrs_post_init__(self) -> None:
        names = {alias: column.name for column in self.columns.values() for alias in (column.name, *column.aliases)}
        object.__setattr__(self, "aliases", MappingProxyType(names))

    @property
    def read_now(self) -> ReadBefore:
        """What returns the values that are compared with those that rows expect."""
        return cast("ReadBefore", self.read_compared or self.read_before)

    def is_merged(self, name: str) -> bool:
        """Return whether a value is that of one key, as of ``metadata.plan``.

        Args:
            name: Its name among the values of a row.
        """
        return self.merged != "" and name.startswith(f"{self.merged}.")

    def check(self, values: Mapping[str, JsonValue]) -> tuple[str | None, str] | None:
        """Return the problem of a row; ``None`` for a valid row.

        Args:
            values: The values of the row, by names of columns.

        Returns:
            The column, which is ``None`` if the whole row is wrong, and a message.
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
            skips = "; columns= or --columns leaves out rows without a value in what it names"
            return None, f"{self.name} must be given at least one {self.changes} to change{skips}"
        parent = values.get("parent_tenant_id", values.get("parent_id"))
        if parent is not None and parent == values.get(self.key):
            return ("parent_id" if "parent_id" in values else "parent_tenant_id"), "a tenant cannot be under itself"
        return None
