"""`TenantTree`: a tenant with all its sub-accounts as one value.

A tree is stored flat: its nodes in depth-first order, and for each node the position of its parent. So no function here
recurses, and trees of any depth and width can be compared, hashed, copied and pickled.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import attrs

from frontegg_async._notebook import drawing
from frontegg_async._values.records import Record, columns_of, record_of
from frontegg_async.errors import InvalidArgumentError
from frontegg_async.models.columns import check_columns, without_empty
from frontegg_async.models.hierarchy import TreeNode
from frontegg_async.models.model import Model

NO_PARENT = -1
"""The position of the parent of the root."""

_PLACE: Final = ("parent_tenant_id", "depth", "descendants")
"""The columns for the place of a node in its tree."""


@attrs.frozen(eq=False)
class TreeEntry:
    """A node and its place in its tree."""

    node: TreeNode
    """The tenant."""
    depth: int
    """The number of levels below the root; 0 for the root."""
    _nodes: Sequence[TreeNode] = attrs.field(repr=False)
    _parents: Sequence[int] = attrs.field(repr=False)
    _position: int = attrs.field(repr=False)

    @property
    def path(self) -> tuple[str, ...]:
        """The ids from the root down to this node, including the id of this node. Each access computes them."""
        ids: list[str] = []
        position = self._position
        while position != NO_PARENT:
            ids.append(self._nodes[position].tenant_id)
            position = self._parents[position]
        return tuple(reversed(ids))


def _as_nodes(nodes: Iterable[TreeNode]) -> tuple[TreeNode, ...]:
    return tuple(nodes)


def _as_positions(positions: Iterable[int]) -> tuple[int, ...]:
    return tuple(positions)


@attrs.frozen(eq=False, repr=False)
class TenantTree(Model):
    """A tenant and all its sub-accounts.

    Iterate it for its nodes, parents before children. Two trees are equal if they have the same nodes in the same
    order.

    Args:
        nodes: The nodes in depth-first order: the root, its first child, the first child of this child, and so on.
        parents: For each node the position of its parent in ``nodes``; -1 for the root.

    Raises:
        InvalidArgumentError: The nodes are not in depth-first order, or two have the same id.
    """

    _nodes: tuple[TreeNode, ...] = attrs.field(converter=_as_nodes)
    _parents: tuple[int, ...] = attrs.field(converter=_as_positions)
    _ends: tuple[int, ...] = attrs.field(init=False, eq=False)
    _positions: dict[str, int] = attrs.field(init=False, eq=False)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "_ends", _ends(len(self._nodes), self._parents))
        positions = {node.tenant_id: position for position, node in enumerate(self._nodes)}
        if len(positions) != len(self._nodes):
            raise InvalidArgumentError("two nodes of a tree have the same id")
        object.__setattr__(self, "_positions", positions)

    @property
    def root(self) -> TreeNode:
        """The root node."""
        return self._nodes[0]

    @property
    def tenant_id(self) -> str:
        """The id of the tenant at the root."""
        return self.root.tenant_id

    @property
    def depth(self) -> int:
        """The number of levels below the root: 0 for a tenant without sub-accounts."""
        return max(self._depths())

    @property
    def leaves(self) -> tuple[TreeNode, ...]:
        """The nodes without sub-accounts, in order."""
        return tuple(node for place, node in enumerate(self._nodes) if self._ends[place] == place + 1)

    def __len__(self) -> int:
        return len(self._nodes)

    def __iter__(self) -> Iterator[TreeNode]:
        return iter(self._nodes)

    def __contains__(self, item: object) -> bool:
        """Return whether the tree has a node with this id, or this node."""
        if isinstance(item, TreeNode):
            return self.find(item.tenant_id) == item
        return isinstance(item, str) and item in self._positions

    def walk(self) -> Iterator[TreeEntry]:
        """Iterate the nodes with their depth and path.

        Yields:
            An entry for each node, parents before children.
        """
        for position, (node, depth) in enumerate(zip(self._nodes, self._depths(), strict=True)):
            yield TreeEntry(node, depth, self._nodes, self._parents, position)

    def find(self, tenant_id: str) -> TreeNode | None:
        """Return the node of a tenant, or ``None`` if the tenant is not in the tree.

        Args:
            tenant_id: The id.
        """
        position = self._positions.get(tenant_id)
        return None if position is None else self._nodes[position]

    def parent_of(self, tenant_id: str) -> TreeNode | None:
        """Return the parent node of a tenant, or ``None`` for the root.

        Args:
            tenant_id: The id.

        Raises:
            InvalidArgumentError: The tenant is not in the tree.
        """
        parent = self._parents[self._position(tenant_id)]
        return None if parent == NO_PARENT else self._nodes[parent]

    def children(self, tenant_id: str) -> tuple[TreeNode, ...]:
        """Return the child nodes of a tenant.

        Args:
            tenant_id: The id.

        Raises:
            InvalidArgumentError: The tenant is not in the tree.
        """
        return tuple(self._nodes[child] for child in self._children(self._position(tenant_id)))

    def subtree(self, tenant_id: str) -> TenantTree:
        """Return the tree of a tenant and all its sub-accounts.

        Args:
            tenant_id: The id.

        Raises:
            InvalidArgumentError: The tenant is not in the tree.
        """
        start = self._position(tenant_id)
        stop = self._ends[start]
        parents = (NO_PARENT, *(parent - start for parent in self._parents[start + 1 : stop]))
        return TenantTree(self._nodes[start:stop], parents)

    def to_records(self, *, columns: Sequence[str] | None = None, json_as_text: bool = True) -> list[Record]:
        """Return the nodes as plain dicts of one shape, which CSV writers, pandas and polars accept.

        Each dict has the fields of the node, ``parent_tenant_id``, ``depth``, and ``descendants``: the number of nodes
        below the node on all levels. Fields that are empty in all rows (``None`` or empty text) are omitted unless you
        name them. The same holds for ``extra``.

        Args:
            columns: The keys of the dicts, in order; by default the names of all fields that have a value in some row.
            json_as_text: Whether metadata and other nested values become JSON text, which CSV files and data frames
                hold in a column of one type; ``False`` for the parsed values.

        Raises:
            InvalidArgumentError: ``columns`` has an unknown name; the error lists the possible names.
        """
        fields = columns_of(TreeNode)
        names = None if columns is None else check_columns(columns, (*fields, *_PLACE))
        own = None if names is None else [name for name in names if name not in _PLACE]
        records: list[Record] = []
        for position, (node, depth) in enumerate(zip(self._nodes, self._depths(), strict=True)):
            parent = self._parents[position]
            above = None if parent == NO_PARENT else self._nodes[parent].tenant_id
            below = self._ends[position] - position - 1
            place = zip(_PLACE, (above, depth, below), strict=True)
            records.append(record_of(node, own, json_as_text=json_as_text) | dict(place))
        if names is None:
            return without_empty(records, kept=_PLACE)
        return [{name: record[name] for name in names} for record in records]

    def render(self, *, max_depth: int | None = 100, max_nodes: int | None = None) -> str:
        """Draw the tree as text with lines.

        Args:
            max_depth: The most levels below the root, from 0; ``None`` for all. The text of a very deep tree grows
                with the square of its depth, because each level is indented further.
            max_nodes: The most nodes, from 1, upper levels first; ``None`` for all.

        Returns:
            A line for each node, and a line with the number of omitted nodes wherever nodes are omitted.

        Raises:
            InvalidArgumentError: ``max_depth`` is not a whole number from 0, or ``max_nodes`` is not a whole number
                from 1.
        """
        return drawing.text(self._sketch(max_depth, max_nodes))

    def to_mermaid(self, *, max_nodes: int | None = None) -> str:
        """Return the tree as a Mermaid flowchart.

        Args:
            max_nodes: The most nodes, from 1, upper levels first; ``None`` for all.

        Raises:
            InvalidArgumentError: ``max_nodes`` is not a whole number from 1.
        """
        return drawing.mermaid(self._sketch(None, max_nodes))

    def to_dot(self, *, max_nodes: int | None = None) -> str:
        """Return the tree as a graph for Graphviz, in the DOT language.

        Args:
            max_nodes: The most nodes, from 1, upper levels first; ``None`` for all.

        Raises:
            InvalidArgumentError: ``max_nodes`` is not a whole number from 1.
        """
        return drawing.dot(self._sketch(None, max_nodes))

    def _repr_html_(self) -> str:
        """Return HTML for notebooks: nested lists that fold. A large tree shows only its upper levels."""
        return drawing.html(self._sketch(drawing.HTML_DEPTH, drawing.HTML_NODES))

    def __repr__(self) -> str:
        return f"TenantTree(tenant_id={self.tenant_id!r}, nodes={len(self)})"

    def __reduce__(self) -> tuple[type[TenantTree], tuple[tuple[TreeNode, ...], tuple[int, ...]]]:
        return TenantTree, (self._nodes, self._parents)

    def _position(self, tenant_id: str) -> int:
        position = self._positions.get(tenant_id)
        if position is None:
            raise InvalidArgumentError(
                f"tenant_id must be the id of a tenant in this tree, which has no tenant {tenant_id!r}"
            )
        return position

    def _children(self, position: int) -> Iterator[int]:
        child, end = position + 1, self._ends[position]
        while child < end:
            yield child
            child = self._ends[child]

    def _depths(self) -> list[int]:
        depths: list[int] = []
        for parent in self._parents:
            depths.append(0 if parent == NO_PARENT else depths[parent] + 1)
        return depths

    def _sketch(self, max_depth: int | None, max_nodes: int | None) -> list[drawing.Mark]:
        _check_limit(max_depth, "max_depth", least=0)
        _check_limit(max_nodes, "max_nodes", least=1)
        return drawing.sketch(self._nodes, self._parents, self._ends, max_depth=max_depth, max_nodes=max_nodes)


def _ends(size: int, parents: Sequence[int]) -> tuple[int, ...]:
    """Return for each node the position after its last descendant.

    Raises:
        InvalidArgumentError: The nodes are not in depth-first order.
    """
    if not size or size != len(parents) or parents[0] != NO_PARENT:
        raise InvalidArgumentError("nodes must begin with the root, and parents must have one position for each node")
    ends = [size] * size
    above = [0]
    for position in range(1, size):
        while above and above[-1] != parents[position]:
            ends[above.pop()] = position
        if not above:
            raise InvalidArgumentError(
                "nodes must be in depth-first order: the descendants of a node directly after it"
            )
        above.append(position)
    return tuple(ends)


def _check_limit(value: int | None, name: str, *, least: int) -> None:
    if value is not None and (isinstance(value, bool) or not isinstance(value, int) or value < least):
        raise InvalidArgumentError(f"{name} must be a whole number from {least}, or None")
