"""Convert a tree to nested lists for a page, without recursion, because trees may be deep."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from frontegg_sync import TenantTree
from frontegg_sync.models import TreeNode


@attrs.frozen
class Row:
    """A node of a tree on a page, with the starts and ends of lists after the node.

    Args:
        node: The node.
        opens: Whether a list starts after the node.
        closes: A range with one number for each list that ends after the node.
    """

    node: TreeNode
    opens: bool
    closes: range


def rows(tree: TenantTree) -> Iterator[Row]:
    """Yield the nodes of a tree in the order of the page."""
    entries = list(tree.walk())
    depths = [entry.depth for entry in entries[1:]]
    # The template closes the item of the root.
    for entry, following in zip(entries, [*depths, 0], strict=True):
        opens = following > entry.depth
        yield Row(entry.node, opens, range(0 if opens else entry.depth - following))
