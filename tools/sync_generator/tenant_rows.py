"""The fields of a tenant as the emulator stores them, generated from the models of tenants."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Final

from sync_generator.modules import header
from sync_generator.source import Source

SOURCE: Final = "frontegg_async/models/tenants.py"
TARGET: Final = "frontegg_async/emulator/store/rows/tenant_profile.py"

_OF_THE_ROW: Final = frozenset(
    {"tenant_id", "name", "created_at", "updated_at", "deleted_at", "id", "vendor_id", "is_reseller", "metadata"}
    | {"is_locked", "extra"}
)
"""The fields that `TenantRow` declares itself, since the rules give them their values, and what no row has."""

_DOCSTRING: Final = '"""The fields of a tenant that the emulator stores as they are given."""'
_HEAD: Final = '''\
import msgspec


class TenantProfile(msgspec.Struct, rename="camel", kw_only=True, frozen=True, gc=False):
    """The fields that a seed may give a tenant and that a row keeps as they are.

    A field that an update can write is null until it has a value; any other is missing until then.
    """

'''


def tenant_row_texts(root: Path) -> dict[str, str]:
    """Return the text of the fields of a stored tenant by its path; nothing when there is no emulator.

    Raises:
        GeneratorError: A class of the models is missing.
    """
    if not (root / TARGET).parent.exists():
        return {}
    source = Source(root, root / SOURCE)
    writable = {name for name, _ in _fields(source, "TenantUpdate")}
    lines = [
        f"    {name}: {_kind(annotation)} = None"
        if name in writable
        else f"    {name}: {_kind(annotation)} | msgspec.UnsetType = msgspec.UNSET"
        for name, annotation in _fields(source, "Tenant")
        if name not in _OF_THE_ROW
    ]
    return {TARGET: header(source, _DOCSTRING) + _HEAD + "\n".join([*lines, ""])}


def _fields(source: Source, name: str) -> list[tuple[str, str]]:
    """Return the names and annotations of the fields of a model."""
    found = (node for node in source.tree.body if isinstance(node, ast.ClassDef) and node.name == name)
    model = next(found, None)
    if model is None:
        source.fail(source.tree, f"there is no model {name}")
    return [
        (each.target.id, source.text(each.annotation))
        for each in model.body
        if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name)
    ]


def _kind(annotation: str) -> str:
    """Return the type that a stored field has: a number may be any number."""
    kinds = annotation.split(" | ")
    if "int" in kinds and "float" not in kinds:
        kinds.insert(kinds.index("int") + 1, "float")
    return " | ".join(kinds)
