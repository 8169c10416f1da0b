"""Drawings of trees as text, HTML, Mermaid and Graphviz; names of tenants are always escaped."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frontegg_async import InvalidArgumentError, TenantTree
from frontegg_async.models import TreeNode
from tests.core.trees import FAMILY, chain, fan, tree_of, walks
from tests.support.html import NASTY, elements

_TREE: Final = tree_of(FAMILY)


def _single(name: str) -> TenantTree:
    return TenantTree(
        [TreeNode(tenant_id="t", tenant_name="root"), TreeNode(tenant_id="id", tenant_name=name)], [-1, 0]
    )


def test_text() -> None:
    """A line for each node, with lines to its parent."""
    assert _TREE.render().splitlines() == [
        "NORTH (north)",
        "├── A (a)",
        "│   ├── A1 (a1)",
        "│   │   └── A11 (a11)",
        "│   └── A2 (a2)",
        "└── B (b)",
    ]


@pytest.mark.parametrize(
    ("limits", "lines"),
    [
        ({"max_depth": 0}, ["NORTH (north)", "└── … 5 more"]),
        ({"max_depth": 1}, ["NORTH (north)", "├── A (a)", "│   └── … 3 more", "└── B (b)"]),
        ({"max_nodes": 1}, ["NORTH (north)", "└── … 5 more"]),
        ({"max_nodes": 2}, ["NORTH (north)", "├── A (a)", "│   └── … 3 more", "└── … 1 more"]),
        (
            {"max_nodes": 4},
            ["NORTH (north)", "├── A (a)", "│   ├── A1 (a1)", "│   │   └── … 1 more", "│   └── … 1 more", "└── B (b)"],
        ),
    ],
)
def test_what_is_left_out_is_counted(limits: dict[str, Any], lines: list[str]) -> None:
    """The upper levels are drawn first, and where something is left out it says how much."""
    assert _TREE.render(**limits).splitlines() == lines


@pytest.mark.parametrize(
    "limits", [{"max_depth": -1}, {"max_depth": "3"}, {"max_nodes": 0}, {"max_nodes": True}, {"max_nodes": 1.5}]
)
def test_limits_are_whole_numbers(limits: dict[str, Any]) -> None:
    """Anything else is named."""
    with pytest.raises(InvalidArgumentError, match=next(iter(limits))):
        _TREE.render(**limits)


def test_a_node_without_a_name_shows_its_id() -> None:
    """And one whose name is its id shows it once."""
    nodes = [TreeNode(tenant_id="a"), TreeNode(tenant_id="b", tenant_name="b")]
    assert TenantTree(nodes, [-1, 0]).render() == "a\n└── b"


def test_graphs() -> None:
    """Nodes by their positions, labels in quotes, what is left out beside a dashed line."""
    assert _TREE.to_mermaid(max_nodes=3).splitlines() == [
        "flowchart TD",
        '    n0["NORTH (north)"]',
        '    n1["A (a)"]',
        "    n0 --> n1",
        '    n1 -.-> m1["… 3 more"]',
        '    n2["B (b)"]',
        "    n0 --> n2",
    ]
    assert _TREE.to_dot(max_nodes=3).splitlines() == [
        "digraph tenants {",
        "    node [shape=box];",
        '    n0 [label="NORTH (north)"];',
        '    n1 [label="A (a)"];',
        "    n0 -> n1;",
        '    m1 [label="… 3 more" style=dashed];',
        "    n1 -> m1 [style=dashed];",
        '    n2 [label="B (b)"];',
        "    n0 -> n2;",
        "}",
    ]
    assert _TREE.to_mermaid().count("-->") == _TREE.to_dot().count("->") == 5


@pytest.mark.parametrize("name", NASTY)
def test_names_stay_in_their_places(name: str) -> None:
    """Whatever a name holds, each drawing has the lines and elements that it has for any other name."""
    _check_all(_single(name), _single("plain"))


@given(st.text(max_size=40), st.text(min_size=1, max_size=40))
def test_any_names_stay_in_their_places(name: str, tenant_id: str) -> None:
    """So does any text."""
    tree = TenantTree([TreeNode(tenant_id="\x00root"), TreeNode(tenant_id=tenant_id, tenant_name=name)], [-1, 0])
    _check_all(tree, _single("plain"))


def _check_all(tree: TenantTree, plain: TenantTree) -> None:
    assert len(tree.render().splitlines()) == 2
    assert all(line.isprintable() for line in tree.render().splitlines())
    assert elements(tree._repr_html_())[0] == elements(plain._repr_html_())[0]
    for line in tree.to_mermaid().splitlines()[1:]:
        assert re.fullmatch(r'    (n\d+\["(?:[^"`%&<>\\#{}$;]|#\d+;)*"\]|n\d+ --> n\d+)', line)
    for line in tree.to_dot().splitlines()[2:-1]:
        assert re.fullmatch(r'    (n\d+ \[label="(?:[^"\\]|\\["\\])*"\]|n\d+ -> n\d+);', line)


def test_html() -> None:
    """Nested lists that fold, the upper levels open, and names as text."""
    tags, texts, _ = elements(_TREE._repr_html_())
    assert texts == ["NORTH (north)", "A (a)", "A1 (a1)", "A11 (a11)", "A2 (a2)", "B (b)"]
    folds = [dict(attributes) for tag, attributes in tags if tag == "details"]
    assert folds == [{"open": None}, {"open": None}, {}]
    assert elements(_single("<b>&</b>")._repr_html_())[1][-1] == "<b>&</b> (id)"


@pytest.mark.slow
@pytest.mark.parametrize(("shape", "size", "left_out"), [(chain, 10_000, "9,949"), (fan, 100_000, "99,001")])
def test_html_of_huge_trees_is_small(shape: Callable[[int], TenantTree], size: int, left_out: str) -> None:
    """It shows what a browser can, and how many are left out."""
    page = shape(size)._repr_html_()
    _, texts, depth = elements(page)
    assert len(page) < 200_000
    assert depth < 300
    assert texts[-1] == f"… {left_out} more"


@given(walks(), st.integers(0, 6) | st.none(), st.integers(1, 30) | st.none())
def test_every_node_is_drawn_or_counted(parents: list[int], max_depth: int | None, max_nodes: int | None) -> None:
    """Of any tree and with any limits, the lines and the counts together are all nodes; limits are kept."""
    tree = TenantTree([TreeNode(tenant_id=f"t{n}") for n in range(len(parents))], parents)
    lines = tree.render(max_depth=max_depth, max_nodes=max_nodes).splitlines()
    counts = [int(found[1]) for line in lines if (found := re.search(r"… (\d+) more$", line))]
    shown = [line for line in lines if "more" not in line]
    assert len(shown) + sum(counts) == len(tree)
    assert len(shown) <= (max_nodes or len(tree))
    drawn = {re.split(r"[ ─]", line)[-1]: line.index("t") // 4 for line in shown}
    depths = {place.node.tenant_id: place.depth for place in tree.walk()}
    assert drawn.items() <= depths.items()
    if max_depth is not None:
        assert max(drawn.values()) <= max_depth
    if max_depth is None and max_nodes is None:
        assert list(drawn) == list(depths)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("shape", "size", "lines"), [(chain, 10_000, 102), (fan, 100_000, 100_001)], ids=["deep", "wide"]
)
def test_drawings_of_any_size(shape: Callable[[int], TenantTree], size: int, lines: int) -> None:
    """Text of a deep tree is cut, since each level indents further; graphs have all nodes."""
    tree = shape(size)
    assert len(tree.render().splitlines()) == lines
    assert tree.to_mermaid().count("-->") == len(tree) - 1
    assert tree.to_dot().count("->") == len(tree) - 1
