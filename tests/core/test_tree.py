"""`TenantTree`: its methods on trees of any shape, depth and width."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from typing import Any, Final

import attrs
import pytest
from hypothesis import given

from frontegg_async import InvalidArgumentError, TenantTree
from frontegg_async.models import TreeNode
from tests.core.trees import FAMILY, chain, fan, tree_of, walks

_TREE: Final = tree_of(FAMILY)

_LEVELS: Final = 10_000
_WIDTH: Final = 100_000


def _ids(nodes: Any) -> list[str]:
    return [node.tenant_id for node in nodes]


def _tree(parents: list[int]) -> TenantTree:
    return TenantTree([TreeNode(tenant_id=f"t{n}") for n in range(len(parents))], parents)


def test_its_nodes_come_in_the_order_of_a_walk() -> None:
    """Each before those below it, with its depth and the ids on the way to it."""
    assert (_TREE.tenant_id, _TREE.root.tenant_name, len(_TREE)) == ("north", "NORTH", 6)
    assert _ids(_TREE) == list(FAMILY)
    assert [(place.node.tenant_id, place.depth, place.path) for place in _TREE.walk()] == [
        ("north", 0, ("north",)),
        ("a", 1, ("north", "a")),
        ("a1", 2, ("north", "a", "a1")),
        ("a11", 3, ("north", "a", "a1", "a11")),
        ("a2", 2, ("north", "a", "a2")),
        ("b", 1, ("north", "b")),
    ]


def test_find_and_contains() -> None:
    """By id, and a node by its value."""
    node = _TREE.find("a1")
    assert node == TreeNode(tenant_id="a1", tenant_name="A1")
    assert _TREE.find("nobody") is None
    assert "a1" in _TREE
    assert node in _TREE
    for stranger in ("nobody", TreeNode(tenant_id="a1"), TreeNode(tenant_id="nobody"), None, 5):
        assert stranger not in _TREE


def test_what_is_above_and_below() -> None:
    """Parents, children, leaves and the depth."""
    assert {tenant_id: getattr(_TREE.parent_of(tenant_id), "tenant_id", None) for tenant_id in FAMILY} == FAMILY
    assert _ids(_TREE.children("north")) == ["a", "b"]
    assert _ids(_TREE.children("a")) == ["a1", "a2"]
    assert _ids(_TREE.children("b")) == []
    assert _ids(_TREE.leaves) == ["a11", "a2", "b"]
    assert _TREE.depth == 3
    assert (tree_of({"x": None}).depth, len(tree_of({"x": None}))) == (0, 1)


def test_a_subtree_is_a_tree() -> None:
    """With the tenant at its top."""
    below = _TREE.subtree("a")
    assert below == tree_of({"a": None, "a1": "a", "a11": "a1", "a2": "a"})
    assert _TREE.subtree("north") == _TREE
    assert _TREE.subtree("b") == tree_of({"b": None})


@pytest.mark.parametrize("ask", [TenantTree.parent_of, TenantTree.children, TenantTree.subtree])
def test_a_tenant_that_is_not_in_it(ask: Callable[[TenantTree, str], object]) -> None:
    """The error names it."""
    with pytest.raises(InvalidArgumentError, match="the id of a tenant in this tree, which has no tenant 'nobody'"):
        ask(_TREE, "nobody")


def test_trees_are_values() -> None:
    """Equal, hashable, frozen, and short to look at; the order of children counts."""
    same = tree_of(FAMILY)
    other = tree_of({"north": None, "b": "north", "a": "north", "a1": "a", "a11": "a1", "a2": "a"})
    assert same == _TREE
    assert hash(same) == hash(_TREE)
    assert other != _TREE
    assert tree_of({"a": None, "b": "a", "c": "b"}) != tree_of({"a": None, "b": "a", "c": "a"})
    assert repr(_TREE) == "TenantTree(tenant_id='north', nodes=6)"
    assert repr(_TREE.root) == "TreeNode(tenant_id='north')"
    assert repr(next(_TREE.walk())) == "TreeEntry(node=TreeNode(tenant_id='north'), depth=0)"
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        _TREE._nodes = ()  # type: ignore[misc]  # it is frozen


@pytest.mark.parametrize(
    "parents",
    [[], [0], [-1, -1], [-1, 1], [-1, 2, 0], [-1, 0, 5], [-1, 0, -2], [-1, 0, 0, 1], [-1, 0, 1, 0, 2], [5, 0]],
)
def test_what_is_no_walk(parents: list[int]) -> None:
    """A tree has one root, and each node comes after its parent and before what is not below it."""
    with pytest.raises(InvalidArgumentError, match="nodes must"):
        _tree(parents)


def test_what_is_no_tree() -> None:
    """Each node has a parent's position, and an id of its own."""
    with pytest.raises(InvalidArgumentError, match="parents must have one position for each"):
        TenantTree([TreeNode(tenant_id="a")], [-1, 0])
    with pytest.raises(InvalidArgumentError, match="two nodes of a tree have the same id"):
        TenantTree([TreeNode(tenant_id="a"), TreeNode(tenant_id="a")], [-1, 0])


@given(walks())
def test_any_tree(parents: list[int]) -> None:
    """What it tells is what its parents say, and each part of it is a tree that tells the same."""
    tree = _tree(parents)
    ids = _ids(tree)
    above = {ids[place]: None if parent < 0 else ids[parent] for place, parent in enumerate(parents)}
    assert ids == [f"t{n}" for n in range(len(parents))]
    for place in tree.walk():
        tenant_id = place.node.tenant_id
        way = [tenant_id]
        while (parent := above[way[-1]]) is not None:
            way.append(parent)
        assert place.path == tuple(reversed(way))
        assert place.depth == len(way) - 1
        assert getattr(tree.parent_of(tenant_id), "tenant_id", None) == above[tenant_id]
        assert _ids(tree.children(tenant_id)) == [child for child in ids if above[child] == tenant_id]
        assert tree.find(tenant_id) is place.node
        part = tree.subtree(tenant_id)
        assert len(part) == sum(tenant_id in other.path for other in tree.walk())
        assert [other.path for other in part.walk()] == [
            other.path[place.depth :] for other in tree.walk() if tenant_id in other.path
        ]
    assert tree.depth == max(place.depth for place in tree.walk())
    assert _ids(tree.leaves) == [tenant_id for tenant_id in ids if tenant_id not in above.values()]
    assert pickle.loads(pickle.dumps(tree)) == tree == copy.copy(tree) == copy.deepcopy(tree)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("shape", "size", "depth", "leaves", "way"),
    [(chain, _LEVELS, _LEVELS - 1, 1, _LEVELS), (fan, _WIDTH, 1, _WIDTH, 2)],
    ids=["deep", "wide"],
)
def test_trees_of_any_size(shape: Callable[[int], TenantTree], size: int, depth: int, leaves: int, way: int) -> None:
    """Nothing recurses, and nothing takes so long that one could not wait for it."""
    tree = shape(size)
    last = f"t{len(tree) - 1}"
    assert (tree.depth, len(tree.leaves)) == (depth, leaves)
    places = list(tree.walk())
    assert len(places[-1].path) == way
    assert last in tree
    assert tree.find(last) is places[-1].node
    assert tree.parent_of(last) is places[-1 if way == 1 else 0 if depth == 1 else -2].node
    assert len(tree.children("t0")) == (1 if depth > 1 else _WIDTH)
    assert len(tree.subtree("t1")) == (_LEVELS - 1 if depth > 1 else 1)
    again = pickle.loads(pickle.dumps(tree))
    assert again == tree
    assert hash(again) == hash(tree)
    assert copy.deepcopy(tree) == tree
    assert len(repr(tree)) < 100
