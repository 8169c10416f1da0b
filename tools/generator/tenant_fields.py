"""Generate the models of requests and the emulator's rows from the fields of a tenant."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from generator.handles import beginning
from generator.source import Source

SOURCE: Final = "frontegg_async/models/tenants.py"
WRITES: Final = "frontegg_async/models/tenant_writes.py"
ROWS: Final = "frontegg_async/emulator/store/tenant_profile.py"

_OF_THE_ROW: Final = frozenset(
    {
        "tenant_id",
        "name",
        "created_at",
        "updated_at",
        "deleted_at",
        "internal_id",
        "vendor_id",
        "is_reseller",
        "metadata",
    }
    | {"is_locked", "extra"}
)
"""Fields that `TenantRow` declares itself, since rules set their values, and fields that no row has."""

_WRITES_DOCSTRING: Final = '"""The fields of a tenant, as they are written."""'
_WRITES: Final = '''\
import attrs

from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.unset import UNSET, Unset
from frontegg_async._values.value import Value


@attrs.frozen(kw_only=True, eq=False, repr=False)
class TenantCreate(Value):
    """The fields of a new tenant. ``None`` is not sent."""

    tenant_id: str
    name: str | None = attrs.field(default=None, repr=False)
{created}
    is_reseller: bool | None = attrs.field(default=None, repr=False)
    parent_tenant_id: str | None = None
    metadata: JsonValue = attrs.field(default=None, repr=False, hash=False)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class TenantUpdate(Value):
    """The fields of a tenant to change. What is `UNSET` is not sent; ``None`` is sent as null.

    No method of the SDK sends the two ids: the service accepts them, and no source says what it does with them.
    """

    tenant_id: str | Unset = UNSET
    parent_tenant_id: str | None | Unset = UNSET
    name: str | Unset = UNSET
{updated}
    is_reseller: bool | Unset = UNSET
    metadata: JsonValue | Unset = attrs.field(default=UNSET, hash=False)

    def __repr__(self) -> str:
        return object.__repr__(self)
'''
_ROWS_DOCSTRING: Final = '"""The fields of a tenant that the emulator stores as they are given."""'
_ROWS: Final = '''\
import msgspec


class TenantProfile(msgspec.Struct, rename="camel", kw_only=True, frozen=True, gc=False):
    """The fields that a seed may give a tenant and that a row keeps as they are.

    A field that a write can change is null until it has a value. Any other field is missing until it has a value.
    """

{stored}
'''


@dataclass(frozen=True)
class _Field:
    name: str
    kind: str
    is_writable: bool


def tenant_texts(root: Path) -> dict[str, str]:
    """Return the text of each module by its path. The emulator's module is left out without an emulator.

    Raises:
        GeneratorError: There is no model of a tenant.
    """
    source = Source(root, root / SOURCE)
    fields = _fields(source)
    writable = [field for field in fields if field.is_writable]
    writes = _WRITES.format(
        created=_lines(f"{field.name}: {field.kind} = attrs.field(default=None, repr=False)" for field in writable),
        updated=_lines(f"{field.name}: {field.kind} | Unset = UNSET" for field in writable),
    )
    texts = {WRITES: beginning(source, _WRITES_DOCSTRING) + writes}
    if (root / ROWS).parent.exists():
        stored = _lines(_stored(field) for field in fields if field.name not in _OF_THE_ROW)
        texts[ROWS] = beginning(source, _ROWS_DOCSTRING) + _ROWS.format(stored=stored)
    return texts


def _lines(lines: Iterable[str]) -> str:
    return "\n".join(f"    {line}" for line in lines)


def _fields(source: Source) -> Sequence[_Field]:
    found = (node for node in source.tree.body if isinstance(node, ast.ClassDef) and node.name == "Tenant")
    model = next(found, None)
    if model is None:
        source.fail(source.tree, "there is no model Tenant")
    return [
        _Field(each.target.id, source.text(each.annotation), each.value is not None and _is_marked(each.value))
        for each in model.body
        if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name)
    ]


def _is_marked(value: ast.expr) -> bool:
    return any(isinstance(node, ast.Name) and node.id == "WRITABLE" for node in ast.walk(value))


def _stored(field: _Field) -> str:
    """Return the declaration of a stored field. The type of a number is not restricted."""
    kinds = field.kind.split(" | ")
    if "int" in kinds and "float" not in kinds:
        kinds.insert(kinds.index("int") + 1, "float")
    kind = " | ".join(kinds)
    return (
        f"{field.name}: {kind} = None"
        if field.is_writable
        else f"{field.name}: {kind} | msgspec.UnsetType = msgspec.UNSET"
    )
