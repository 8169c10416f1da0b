"""The work whose instructions are counted."""

from __future__ import annotations

import json

from benchmarks.performance.counted_work import WORKS, Trees, tree_body


def test_trees_have_the_size_that_they_are_named_by() -> None:
    """And each work accepts its own."""
    pending, nodes = [json.loads(tree_body(123))], 0
    while pending:
        pending += pending.pop()["children"]
        nodes += 1
    assert nodes == 123
    trees = Trees()
    for work in WORKS:
        trees[f"{work} 123"]()
