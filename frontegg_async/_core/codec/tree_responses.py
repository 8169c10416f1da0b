"""Decode responses with a tree of tenants, as a tree or as ids."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Final, cast

from frontegg_async._core.codec import large_bodies, tree_reader
from frontegg_async._core.codec.fast_path import RowReader
from frontegg_async._core.codec.rows import MISSING, Missing, read_pieces, refuse_duplicates, rows_of
from frontegg_async._core.codec.unreadable_values import UnreadableError
from frontegg_async._values.json_values import parse_json
from frontegg_async.errors import InvalidArgumentError
from frontegg_async.models.hierarchy import TreeNode
from frontegg_async.tree import TenantTree

_SHORT: Final = 64
"""The length, in bytes, of the longest response that may mean that the tree does not exist."""


def _read_tree(body: bytes) -> TenantTree | Missing:
    if len(body) <= _SHORT and parse_json(body) in (None, [], {}):
        return MISSING
    fast = tree_reader.read(body)
    if fast is not None:
        return fast
    cut = tree_reader.cut(body)
    for _, count, piece in large_bodies.pieces(cut.rows):
        if b"\\u" in piece or piece.count(b'"tenantId"') != count:
            json.loads(piece, object_pairs_hook=refuse_duplicates)
    nodes = read_pieces(cast("RowReader[TreeNode]", rows_of(TreeNode)), cut.rows, cut.place)
    tree_reader.check_children(nodes, cut)
    try:
        return TenantTree(nodes, cut.parents)
    except InvalidArgumentError:
        last = {node.tenant_id: position for position, node in enumerate(nodes)}
    again = next(last[node.tenant_id] for position, node in enumerate(nodes) if last[node.tenant_id] != position)
    raise UnreadableError(f"{cut.place(again)}.tenantId: is the id of another node too")


def _read_ids(body: bytes) -> tree_reader.SubAccountIds | Missing:
    fast = tree_reader.read_ids(body)
    if fast is not None:
        return fast
    tree = _read_tree(body)
    return tree if isinstance(tree, Missing) else tree_reader.SubAccountIds.of_tree(tree)


READS: Final[Mapping[object, Callable[[bytes], object]]] = {
    TenantTree: _read_tree,
    tree_reader.SubAccountIds: _read_ids,
}
"""The function that decodes a response, for each type."""
