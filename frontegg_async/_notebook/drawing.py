"""Drawings of a tree of tenants: text, HTML for notebooks, and the languages of Mermaid and Graphviz.

The names of tenants are user input, so each format escapes them.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from typing import Final, Literal, Protocol

import msgspec

from frontegg_async._notebook.markup import CLASSES, escape
from frontegg_async._values.printable import printable

HTML_DEPTH: Final = 50
"""The largest number of levels in a notebook. Browsers limit nesting to a few hundred elements."""

HTML_NODES: Final = 1_000
"""The largest number of nodes in a notebook. More nodes make the notebook's file large and its page slow."""

_OPEN_LEVELS: Final = 2
_PLAIN: Final = frozenset(" .,-_@/()+\N{HORIZONTAL ELLIPSIS}")
_HTML_HEAD: Final = f'<div {CLASSES} style="font-family:monospace">'
_LIST: Final = '<ul style="list-style:none;margin:0;padding-left:1.5em">'


class DrawnNode(Protocol):
    """The parts of a node that a drawing shows."""

    @property
    def tenant_id(self) -> str:
        """The id of the tenant."""
        ...

    @property
    def tenant_name(self) -> str | None:
        """The name of the tenant; ``None`` if the tenant has no name."""
        ...


class Mark(msgspec.Struct, frozen=True):
    """A node that is shown in a drawing.

    Args:
        node: The node.
        parent: The index of the parent's mark in the list of marks; -1 for the root.
        hidden: The number of nodes below this node that are left out.
    """

    node: DrawnNode
    parent: int
    hidden: int

    @property
    def label(self) -> str:
        """The name and the id of the tenant.

        Escapes replace unprintable characters and characters that change the text's direction.
        """
        name, tenant_id = self.node.tenant_name, self.node.tenant_id
        whole = tenant_id if name is None or name == tenant_id else f"{name} ({tenant_id})"
        return printable(whole)


class _Step(msgspec.Struct, frozen=True):
    """A step of a drawing: the start of a node, the omitted nodes below the node, or the node's end.

    ``is_last`` says whether the node is the last child of its parent.
    """

    mark: int
    depth: int
    kind: Literal["node", "hidden", "end"]
    is_last: bool = True


def sketch(
    nodes: Sequence[DrawnNode],
    parents: Sequence[int],
    ends: Sequence[int],
    *,
    max_depth: int | None,
    max_nodes: int | None,
) -> list[Mark]:
    """Choose the nodes of a tree that are drawn.

    Args:
        nodes: The nodes, in depth-first order.
        parents: The position of the parent of each node; -1 for the root.
        ends: For each node, the position after its last descendant.
        max_depth: The largest number of levels below the root; ``None`` for no limit.
        max_nodes: The largest number of nodes; ``None`` for no limit. Nodes on upper levels are chosen first.

    Returns:
        A mark for each chosen node, in depth-first order.
    """
    shown = sorted(_chosen(ends, max_depth, len(nodes) if max_nodes is None else max_nodes))
    place_of = {position: place for place, position in enumerate(shown)}
    hidden = [ends[position] - position - 1 for position in shown]
    for position in shown[1:]:
        hidden[place_of[parents[position]]] -= ends[position] - position
    return [
        Mark(nodes[position], place_of.get(parents[position], -1), left_out)
        for position, left_out in zip(shown, hidden, strict=True)
    ]


def _chosen(ends: Sequence[int], max_depth: int | None, max_nodes: int) -> list[int]:
    chosen: list[int] = [0]
    pending = deque([(0, 0)])
    while pending:
        position, depth = pending.popleft()
        if depth == max_depth:
            break
        child = position + 1
        while child < ends[position]:
            if len(chosen) == max_nodes:
                return chosen
            chosen.append(child)
            pending.append((child, depth + 1))
            child = ends[child]
    return chosen


def _steps(marks: Sequence[Mark]) -> Iterator[_Step]:
    """Yield the steps of a drawing."""
    last_below = {mark.parent: place for place, mark in enumerate(marks)}
    open_marks: list[int] = []

    def close_to(parent: int) -> Iterator[_Step]:
        while open_marks and open_marks[-1] != parent:
            place = open_marks.pop()
            if marks[place].hidden:
                yield _Step(place, len(open_marks) + 1, "hidden")
            yield _Step(place, len(open_marks), "end")

    for place, mark in enumerate(marks):
        yield from close_to(mark.parent)
        is_last = last_below[mark.parent] == place and (mark.parent < 0 or not marks[mark.parent].hidden)
        yield _Step(place, len(open_marks), "node", is_last)
        open_marks.append(place)
    yield from close_to(-1)


def _more(hidden: int) -> str:
    return f"\N{HORIZONTAL ELLIPSIS} {hidden:,} more"


def text(marks: Sequence[Mark]) -> str:
    """Return one line for each mark, and one line for each place where nodes are omitted."""
    lines: list[str] = []
    indents = [""]
    for step in _steps(marks):
        mark = marks[step.mark]
        if step.kind == "end":
            continue
        del indents[step.depth + 1 :]
        line = mark.label if step.kind == "node" else _more(mark.hidden)
        if step.depth:
            line = f"{indents[step.depth]}{'└── ' if step.is_last else '├── '}{line}"
        lines.append(line)
        indents.append(f"{indents[step.depth]}{'    ' if step.is_last else '│   '}" if step.depth else "")
    return "\n".join(lines)


def html(marks: Sequence[Mark]) -> str:
    """Return nested HTML lists that the reader can fold. The upper levels are open."""
    parts = [_HTML_HEAD, _LIST]
    for step in _steps(marks):
        mark = marks[step.mark]
        folds = bool(mark.hidden) or (step.mark + 1 < len(marks) and marks[step.mark + 1].parent == step.mark)
        match step.kind:
            case "node" if folds:
                is_open = " open" if step.depth < _OPEN_LEVELS else ""
                parts.append(f"<li><details{is_open}><summary>{_html_label(mark)}</summary>{_LIST}")
            case "node":
                parts.append(f"<li>{_html_label(mark)}")
            case "hidden":
                parts.append(f"<li><i>{_more(mark.hidden)}</i></li>")
            case _:
                parts.append("</ul></details></li>" if folds else "</li>")
    return "".join((*parts, "</ul></div>"))


def _html_label(mark: Mark) -> str:
    return escape(mark.label)


def mermaid(marks: Sequence[Mark]) -> str:
    """Return a Mermaid flowchart, top down."""
    lines = ["flowchart TD"]
    for place, mark in enumerate(marks):
        lines.append(f'    n{place}["{_mermaid_text(mark.label)}"]')
        if mark.parent >= 0:
            lines.append(f"    n{mark.parent} --> n{place}")
        if mark.hidden:
            lines.append(f'    n{place} -.-> m{place}["{_mermaid_text(_more(mark.hidden))}"]')
    return "\n".join(lines)


def _mermaid_text(label: str) -> str:
    """Return a label with numeric escapes, so that Mermaid does not interpret Markdown or HTML.

    Mermaid has no other escapes.
    """
    return "".join(letter if letter.isalnum() or letter in _PLAIN else f"#{ord(letter)};" for letter in label)


def dot(marks: Sequence[Mark]) -> str:
    """Return a directed graph for Graphviz."""
    lines = ["digraph tenants {", "    node [shape=box];"]
    for place, mark in enumerate(marks):
        lines.append(f'    n{place} [label="{_dot_text(mark.label)}"];')
        if mark.parent >= 0:
            lines.append(f"    n{mark.parent} -> n{place};")
        if mark.hidden:
            lines.append(f'    m{place} [label="{_more(mark.hidden)}" style=dashed];')
            lines.append(f"    n{place} -> m{place} [style=dashed];")
    return "\n".join((*lines, "}"))


def _dot_text(label: str) -> str:
    """Return a label with escaped quotation marks, backslashes and entities."""
    return label.replace("&", "&amp;").replace("\\", "\\\\").replace('"', '\\"')
