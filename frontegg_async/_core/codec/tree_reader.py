"""Decode a tree of tenants from JSON, at any depth.

On the fast path, msgspec decodes nodes with known fields, up to the depth that msgspec accepts. A large tree is decoded
branch by branch. A tree that the fast path refuses is cut into nodes without recursion, because parsers refuse deep
nesting. Each node becomes a row with null in place of each child, and these rows are decoded like the rows of other
responses. A single node in place of an array of children is treated as the only item of an array.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from typing import Annotated, Any, Final, cast

import attrs
import msgspec

from frontegg_async._core.codec import large_bodies, unreadable_values
from frontegg_async._values.value import Value
from frontegg_async.errors import InvalidArgumentError
from frontegg_async.models.hierarchy import TreeNode
from frontegg_async.tree import NO_PARENT, TenantTree

CHILDREN: Final = "children"

MAX_LEVELS: Final = 20_000
"""The largest number of levels in a tree."""

MAX_NODES: Final = 250_000
"""The largest number of nodes in a tree. With names of usual length, the size limit of a body is reached first."""

MAX_DEPTH: Final = 128
"""The deepest nesting of a value in a node, not counting the children."""

_MAX_STEPS: Final = 8
# Repetitions are bounded, so that no single match takes long. A longer leaf is decoded like any other node.
_STRING: Final = rb'"[^"\\]{0,2097152}+(?:\\.[^"\\]*+){0,1000000}+"'
_OTHER_STRING: Final = rb'(?!"children")' + _STRING
_TOKEN: Final = re.compile(
    rb'(?P<leaf>\{(?:[^"\[\]{}]{1,1024}+|'
    + _STRING
    + rb"|\[\s*+\]){0,1000}+\})"  # an object with only scalars and empty arrays
    rb"|(?P<scalars>" + _OTHER_STRING + rb'(?:[^"\[\]{}]{1,1024}+|' + _OTHER_STRING + rb"){0,1000}+)"
    rb'|(?P<children>"children"\s*+:\s*+(?:\[|\{(?!\s*+\})))'  # an empty object is no node
    rb"|(?P<text>" + _STRING + rb")"
    rb"|(?P<opening>[\[{])"
    rb"|(?P<closing>[\]}])"
    rb'|(?P<broken>")'
    rb'|(?P<other>[^"\[\]{}]{1,65536}+)',
    re.DOTALL,
)
_SCALARS: Final = frozenset({"scalars", "text", "other"})
_BEGINNINGS: Final = frozenset({"leaf", "opening"})
_CONTAINERS: Final = frozenset({dict, list})
_SPACE: Final = b" \t\r\n"
_NOT_JSON: Final = "$: expected JSON"


_PIECE: Final = 128 * 1024
"""The size, in bytes, of the largest branch that is decoded at once, because a parser holds the GIL.

A larger branch is decoded child by child.
"""
_MOST_READ: Final = 8
"""The largest average number of scans per byte for finding the children of children."""


class _Node(msgspec.Struct, rename="camel", kw_only=True, forbid_unknown_fields=True, gc=False):
    """A node with all nodes below it."""

    tenant_id: str
    tenant_name: str | None = None
    name: str | None = None
    status: str | None = None
    created_at: Annotated[dt.datetime, msgspec.Meta(tz=True)] | None = None
    children: list[_Node] | None | msgspec.UnsetType = msgspec.UNSET


class _Branch(msgspec.Struct, rename="camel", kw_only=True, forbid_unknown_fields=True, gc=False):
    """A node with the JSON text of each child."""

    tenant_id: str
    tenant_name: str | None = None
    name: str | None = None
    status: str | None = None
    created_at: Annotated[dt.datetime, msgspec.Meta(tz=True)] | None = None
    children: list[msgspec.Raw] | None | msgspec.UnsetType = msgspec.UNSET


class _Object(msgspec.Struct, gc=False):
    """A struct for any JSON object. Decoding takes hardly any memory, and values other than objects are refused."""


class _Count(msgspec.Struct, gc=False):
    """The children of a node as structs without fields, which are only counted."""

    children: list[_Object] = []


class _Place(msgspec.Struct, rename="camel", kw_only=True, gc=False):
    """The fields of a node that determine its place in the tree."""

    tenant_id: str
    children: list[_Place] | None = None


class _Top(msgspec.Struct, rename="camel", kw_only=True, gc=False):
    """The root with the JSON text of each child."""

    tenant_id: str
    children: list[msgspec.Raw] | None = None


class SubAccountIds(msgspec.Struct, gc=False):
    """The ids of a tree, without other fields.

    Args:
        tenant_id: The id of the root.
        children: The ids of the children of each node, by the id of the node.
    """

    tenant_id: str
    children: dict[str, list[str]]

    @classmethod
    def of_tree(cls, tree: TenantTree) -> SubAccountIds:
        """Return the ids in a tree."""
        below = {node.tenant_id: [each.tenant_id for each in tree.children(node.tenant_id)] for node in tree}
        return cls(tree.tenant_id, {tenant_id: ids for tenant_id, ids in below.items() if ids})


_read_place: Final = msgspec.json.Decoder(_Place).decode
_read_places: Final = msgspec.json.Decoder(list[_Place]).decode
_read_top: Final = msgspec.json.Decoder(_Top).decode
_read_node: Final = msgspec.json.Decoder(_Node).decode
_read_branch: Final = msgspec.json.Decoder(_Branch).decode
_check_branch: Final = msgspec.json.Decoder(_Count).decode
_Twin: Final[Any] = type(
    "TreeNodeTwin",
    (TreeNode,),
    {"__slots__": (), **{name: getattr(object, name) for name in ("__init__", "__setattr__", "__delattr__")}},
)
"""A node class that is not frozen. Its attributes are set, and then ``__class__`` is set to `TreeNode`.

An empty slot returns the default of its field.
"""


def read(body: bytes) -> TenantTree | None:
    """Return the tree in a body, or ``None`` if the body must be cut into nodes."""
    if b"\\u" in body or body.count(b'"tenantId"') > MAX_NODES:
        return None
    try:
        found = _read_nodes(body)
        return None if found is None else TenantTree(*found)
    except (ValueError, RecursionError, InvalidArgumentError):
        return None


def _read_nodes(body: bytes) -> tuple[list[TreeNode], list[int]] | None:
    """Return the nodes in depth-first order, and for each node the position of its parent."""
    nodes: list[TreeNode] = []
    parents: list[int] = []
    parental = size = 0
    pending: list[_Node | bytes | msgspec.Raw] = [body]
    above = [NO_PARENT]
    while pending:
        # Convert each object to a node at once, while the object is in the CPU cache. A second pass over a large tree
        # would double the time.
        text = pending.pop()
        if isinstance(text, _Node):
            found: _Node | _Branch = text
        elif len(text) <= _PIECE:
            found = _read_node(text)
        else:
            size += len(text)
            if size > _MOST_READ * len(body):
                return None
            _check_branch(text)
            found = _read_branch(text)
        children = found.children
        parents.append(above.pop())
        if children is not msgspec.UNSET:
            parental += 1
            if children:
                pending += reversed(children)
                above += [len(nodes)] * len(children)
        node = _Twin()
        node.tenant_id = found.tenant_id
        if found.name is not None:
            if found.tenant_name is not None:
                # The second name belongs in `extra`, where only the slow path stores it.
                return None
            found.tenant_name = found.name
        node.tenant_name = found.tenant_name
        node.status = found.status
        node.created_at = found.created_at
        node.__class__ = TreeNode
        nodes.append(node)
    # If a key is repeated, msgspec decodes only one of its values, so the counts differ. A text that looks like a key
    # is rare, and only costs the time of the slow path.
    is_plain = body.count(b'"tenantId"') == len(nodes) and body.count(b'"children"') == parental
    return (nodes, parents) if is_plain else None


def read_ids(body: bytes) -> SubAccountIds | None:
    """Return the ids of the tree in a body, or ``None`` if the whole tree must be decoded."""
    total = body.count(b'"tenantId"')
    if b"\\u" in body or total > MAX_NODES:
        return None
    try:
        root = _read_places_in(body)
    except (ValueError, RecursionError):
        return None
    found: dict[str, list[str]] = {}
    seen = {root.tenant_id}
    pending = [root]
    while pending:
        place = pending.pop()
        if place.children:
            found[place.tenant_id] = ids = [each.tenant_id for each in place.children]
            seen.update(ids)
            pending += [each for each in place.children if each.children]
    # The counts differ if an id or a key occurs twice, or if a value other than a node contains ids.
    return SubAccountIds(root.tenant_id, found) if len(seen) == total else None


def _read_places_in(body: bytes) -> _Place:
    if len(body) <= 2 * _PIECE:
        return _read_place(body)
    top = _read_top(body)
    pieces = large_bodies.pieces(top.children or ())
    return _Place(tenant_id=top.tenant_id, children=[each for *_, piece in pieces for each in _read_places(piece)])


class NotATreeError(unreadable_values.UnreadableError):
    """A JSON text is not a tree of tenants. The argument contains the path, never a value."""


@attrs.frozen(eq=False, repr=False)
class Cut(Value):
    """A tree that was cut into nodes.

    Args:
        rows: The JSON text of each node in depth-first order, with null in place of each child.
        parents: The position of the parent of each node. -1 for the root.
    """

    rows: Sequence[bytes] = attrs.field(repr=False)
    parents: Sequence[int]

    def place(self, position: int) -> str:
        """Return the JSON path of a node. The middle of a long path is omitted."""
        steps: list[str] = []
        while position:
            parent = self.parents[position]
            index = sum(self.parents[other] == parent for other in range(parent + 1, position))
            steps.append(f".{CHILDREN}[{index}]")
            position = parent
        steps.reverse()
        if len(steps) > _MAX_STEPS:
            steps[_MAX_STEPS // 2 : -_MAX_STEPS // 2] = [f"...({len(steps) - _MAX_STEPS} levels)"]
        return "$" + "".join(steps)


class _OpenNode(msgspec.Struct):
    """A node whose closing bracket is not yet reached."""

    position: int
    start: int
    """The start of the text that is not yet in the pieces of the node."""
    pieces: list[bytes] = msgspec.field(default_factory=list[bytes])
    in_children: bool = False
    had_children: bool = False
    nested: int = 0
    """The number of open objects and arrays in the node, except children and their array."""


class _Cutter:
    """Cuts one text into nodes, bracket by bracket.

    The class does not match brackets: a wrong bracket stays in a row, and the parser refuses that row.
    """

    def __init__(self, body: bytes) -> None:
        self._body = body
        self._rows: list[bytes] = []
        self._parents: list[int] = []
        self._open: list[_OpenNode] = []
        self._outside = b""

    def run(self) -> Cut:
        takers: dict[str | None, Callable[[int, int], None]] = {
            "leaf": self._leaf,
            "children": self._children,
            "opening": self._opening,
            "closing": self._closing,
        }
        for token in _TOKEN.finditer(self._body):
            kind = token.lastgroup
            if kind in _SCALARS:
                continue
            may_come = self._open or (kind in _BEGINNINGS and not self._rows)
            if kind not in takers or not may_come:
                raise NotATreeError(_NOT_JSON)
            takers[kind](token.start(), token.end())
        if self._open or not self._rows or self._outside.strip(_SPACE):
            raise NotATreeError(_NOT_JSON)
        return Cut(self._rows, self._parents)

    def _leaf(self, start: int, end: int) -> None:
        if not self._open or self._is_place_of_a_node():
            self._add(start)
            self._rows[-1] = self._body[start:end]
            self._go_on(end)

    def _opening(self, start: int, _end: int) -> None:
        is_object = self._body[start] == ord("{")
        if not self._open:
            if not is_object:
                raise NotATreeError("$: expected object, got list")
            self._begin(start)
        elif is_object and self._is_place_of_a_node():
            self._begin(start)
        else:
            self._nest(self._open[-1])

    def _children(self, _start: int, end: int) -> None:
        node = self._open[-1]
        if node.nested or node.in_children:
            self._nest(node)
        elif node.had_children:
            raise NotATreeError(f"{self._place(node)}.{CHILDREN}: is given twice")
        else:
            node.had_children = True
            node.in_children = self._body[end - 1] == ord("[")
            if not node.in_children:
                self._begin(end - 1)

    def _closing(self, _start: int, end: int) -> None:
        node = self._open[-1]
        if node.nested:
            node.nested -= 1
        elif node.in_children:
            node.in_children = False
        else:
            self._end(end)

    def _is_place_of_a_node(self) -> bool:
        node = self._open[-1]
        return node.in_children and not node.nested

    def _begin(self, start: int) -> None:
        self._add(start)
        if len(self._open) > MAX_LEVELS:
            raise NotATreeError(f"$: expected at most {MAX_LEVELS} levels")
        self._open.append(_OpenNode(len(self._rows) - 1, start))

    def _end(self, end: int) -> None:
        node = self._open.pop()
        node.pieces.append(self._body[node.start : end])
        self._rows[node.position] = b"".join(node.pieces)
        self._go_on(end)

    def _add(self, start: int) -> None:
        """Add an empty row for a node, and cut the node out of the text of its parent."""
        if len(self._rows) == MAX_NODES:
            raise NotATreeError(f"$: expected at most {MAX_NODES} nodes")
        parent = -1
        if self._open:
            above = self._open[-1]
            above.pieces += (self._body[above.start : start], b"null" if above.in_children else b"[null]")
            parent = above.position
        else:
            self._outside = self._body[:start]
        self._rows.append(b"")
        self._parents.append(parent)

    def _go_on(self, end: int) -> None:
        """Continue after the end of a row."""
        if self._open:
            self._open[-1].start = end
        else:
            self._outside += self._body[end:]

    def _nest(self, node: _OpenNode) -> None:
        node.nested += 1
        if node.nested > MAX_DEPTH:
            raise NotATreeError(f"{self._place(node)}: has a value nested deeper than {MAX_DEPTH} levels")

    def _place(self, node: _OpenNode) -> str:
        return Cut((), self._parents).place(node.position)


def cut(body: bytes) -> Cut:
    """Cut the JSON text of a tree into its nodes.

    Args:
        body: The JSON text of a node. ``children`` of a node is an array of nodes or a single node, to any depth.

    Raises:
        NotATreeError: The text is not a tree. Other errors are found when the rows are parsed.
    """
    return _Cutter(body).run()


def check_children(nodes: Sequence[TreeNode], cut: Cut) -> None:
    """Check that the rows contain only null in place of the children that were cut out.

    A value that cannot be a node, such as text, is treated as no children. The value stays in ``extra``, with a
    warning.

    Args:
        nodes: The decoded rows. The nulls in place of their children are removed from ``extra``.
        cut: The tree that was cut into nodes.

    Raises:
        NotATreeError: ``children`` is an object or an array that contains values other than nodes.
    """
    counts = [0] * len(nodes)
    for parent in cut.parents[1:]:
        counts[parent] += 1
    for position, (node, count) in enumerate(zip(nodes, counts, strict=True)):
        extra = cast("dict[str, object]", node.extra)
        left = extra.pop(CHILDREN, None)
        if left == [None] * count or (left is None and not count):
            continue
        if count or (type(left) in _CONTAINERS and left != {}):
            raise NotATreeError(f"{cut.place(position)}.{CHILDREN}: expected array of nodes")
        extra[CHILDREN] = left
        unreadable_values.record(TreeNode, CHILDREN, left, CHILDREN)
