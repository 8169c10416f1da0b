"""From a tree to the nested lists of a page, without recursion: trees may be deep."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from frontegg_sync import TenantTree, TreeNode


@attrs.frozen
class Row:
    """A node of a tree on a page: whether a list begins behind it, and how many end there."""

    node: TreeNode
    opens: bool
    closes: range


def rows(tree: TenantTree) -> Iterator[Row]:
    """Return the nodes of a tree in the order in which a page shows them."""
    places = list(tree.walk())
    depths = [place.depth for place in places[1:]]
    # The root's own item is closed by the page.
    for place, following in zip(places, [*depths, 0], strict=True):
        opens = following > place.depth
        yield Row(place.node, opens, range(0 if opens else place.depth - following))
