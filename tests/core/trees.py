"""Trees for tests: of a shape, of any shape, and as the service nests them."""

from __future__ import annotations

import json
from typing import Any, Final

from hypothesis import strategies as st

from frontegg_async import TenantTree
from frontegg_async.models import TreeNode

MOMENT: Final = "2024-05-01T10:00:00.000Z"

FAMILY: Final = {"north": None, "a": "north", "a1": "a", "a11": "a1", "a2": "a", "b": "north"}
"""A small tree in the order of a walk: the parent of each."""


def tree_of(parents: dict[str, str | None]) -> TenantTree:
    """Return the tree of tenants that are given in the order of a walk, each with its parent."""
    places = {tenant_id: place for place, tenant_id in enumerate(parents)}
    nodes = [TreeNode(tenant_id=tenant_id, tenant_name=tenant_id.upper()) for tenant_id in parents]
    return TenantTree(nodes, [-1 if parent is None else places[parent] for parent in parents.values()])


def chain(levels: int) -> TenantTree:
    """Return a tree in which each node has one below it, but for the last."""
    return TenantTree([TreeNode(tenant_id=f"t{n}") for n in range(levels)], range(-1, levels - 1))


def fan(width: int) -> TenantTree:
    """Return a tree of a root and so many children."""
    return TenantTree([TreeNode(tenant_id=f"t{n}") for n in range(width + 1)], [-1, *[0] * width])


@st.composite
def walks(draw: st.DrawFn, most: int = 25) -> list[int]:
    """Draw the parents of a tree: each node is put below any that is still open in a walk."""
    parents = [-1]
    open_nodes = [0]
    for place in range(1, draw(st.integers(1, most))):
        del open_nodes[draw(st.integers(1, len(open_nodes))) :]
        parents.append(open_nodes[-1])
        open_nodes.append(place)
    return parents


def node_row(tenant_id: str, **fields: Any) -> dict[str, Any]:
    """Return a node as it is on the wire, without children."""
    known = {"tenantId": tenant_id, "tenantName": f"Tenant {tenant_id}", "createdAt": MOMENT}
    return {**known, **fields, "children": fields.get("children", [])}


def nested(parents: list[int], rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Nest the rows of a walk."""
    for row in rows:
        row["children"] = []
    for place, parent in enumerate(parents[1:], 1):
        rows[parent]["children"].append(rows[place])
    return rows[0]


def deep_body(levels: int, **fields: Any) -> bytes:
    """Return the text of a chain, which `json.dumps` could not write."""
    heads = [json.dumps(node_row(f"t{n}", **fields)).encode()[:-2] for n in range(levels)]
    return b"".join(heads) + b"]}" * levels


def wide_body(width: int) -> bytes:
    """Return the text of a root with so many children."""
    return json.dumps(node_row("t0", children=[node_row(f"t{n + 1}") for n in range(width)])).encode()
