"""Write a class of the blocking package: a client, or a resource of one."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass

from sync_generator.methods import Twins, constructor, method, runner_doc
from sync_generator.rules import Rules, async_name
from sync_generator.source import Library, Member, Source, add_argument, is_text


@dataclass(frozen=True)
class _Part:
    """An attribute that is a resource."""

    name: str
    twin: str
    docstring: str


def is_client(members: Sequence[Member]) -> bool:
    """Return whether a class is a client: it can be closed."""
    return any(each.name == "aclose" for each in members)


def twin_class(library: Library, source: Source, owner: ast.ClassDef, twins: Twins, rules: Rules) -> str:
    """Return the twin of a class. What the class has from bases is in the twin itself.

    Args:
        library: The modules of the bases.
        source: The module.
        owner: The class.
        twins: The classes that have twins.
        rules: The tables.

    Raises:
        GeneratorError: The class has something that is not understood.
    """
    lazy = _is_lazy(owner)
    if owner.keywords or (owner.decorator_list and not lazy):
        source.fail(owner, f"{owner.name} has a keyword or a decorator, and twins have none")
    members = library.members(source, owner)
    docstring = source.docstring(owner, rules)
    parts = _parts(owner, members, rules)
    made = [] if lazy else parts
    body: list[str] = []
    if is_client(members):
        home, function = _constructor_of(source, owner, members)
        entry = runner_doc(function, twins)
        docstring = docstring if entry is None else add_argument(docstring, entry)
        body += [constructor(home, owner, function, twins, rules), _assembly(owner, made), _wrapping(owner)]
    else:
        body.append(_resource_constructor(owner, made))
    for each in members:
        if isinstance(each.node, ast.FunctionDef | ast.AsyncFunctionDef):
            twin = method(each.source, owner, each.node, twins, rules)
            if twin is not None:
                body.append(twin)
    fields = "".join(f"\n\n{part.name}: {part.twin}\n{part.docstring}" for part in parts)
    slots = "" if lazy or is_client(members) else f"\n\n{_slots(parts)}"
    code = "\n\n".join(body)
    bases = library.twin_bases(owner)
    head = f"{rules.rename(owner.name)}({', '.join(bases)})" if bases else rules.rename(owner.name)
    decorator = f"@{source.text(owner.decorator_list[0])}\n" if lazy else ""
    return f"{decorator}class {head}:\n" + _indented(f"{docstring}{slots}{fields}\n\n{code}")


def _is_lazy(owner: ast.ClassDef) -> bool:
    """Return whether the resources of a class are made when they are looked up."""
    return [ast.unparse(each).partition("(")[0] for each in owner.decorator_list] == ["with_resources"]


def _indented(text: str) -> str:
    """Indent the body of a class; the inner lines of docstrings have the indent of their source already."""
    lines: list[str] = []
    inside = False
    for line in text.split("\n"):
        lines.append(line if inside or not line else "    " + line)
        if line.count('"""') == 1:
            inside = not inside
    return "\n".join(lines)


def _parts(owner: ast.ClassDef, members: Sequence[Member], rules: Rules) -> list[_Part]:
    """Return the resources of a class, after a look at everything in its body that is no method."""
    parts: list[_Part] = []
    for each, following in zip(members, [*members[1:], None], strict=False):
        source, node = each.source, each.node
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) or is_text(node) or _is_private(node):
            continue
        if not isinstance(node, ast.AnnAssign) or node.value is not None or not isinstance(node.target, ast.Name):
            source.fail(node, f"{owner.name} has a statement in its body that is not understood")
        if not isinstance(node.annotation, ast.Name) or node.annotation.id not in rules.names:
            source.fail(node, f"{owner.name}.{node.target.id} is no resource with a twin")
        if following is None or not is_text(following.node):
            source.fail(node, f"{owner.name}.{node.target.id} has no docstring")
        twin = rules.rename(node.annotation.id)
        parts.append(_Part(node.target.id, twin, source.doc_text(following.node, rules)))
    return parts


def _is_private(node: ast.stmt) -> bool:
    """Return whether a statement assigns to private names only."""
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return bool(targets) and all(isinstance(target, ast.Name) and target.id.startswith("_") for target in targets)


def _constructor_of(source: Source, owner: ast.ClassDef, members: Sequence[Member]) -> tuple[Source, ast.FunctionDef]:
    found = (
        (each.source, each.node)
        for each in members
        if isinstance(each.node, ast.FunctionDef) and each.name == "__init__"
    )
    made = next(found, None)
    if made is None:
        source.fail(owner, f"{owner.name} has no constructor")
    return made


def _assembly(owner: ast.ClassDef, parts: list[_Part]) -> str:
    lines = [f"    self.{part.name} = {part.twin}(client.{part.name}, bridge)" for part in parts]
    head = f"def _assemble(self, client: {async_name(owner.name)}, bridge: Bridge) -> None:"
    return "\n".join([head, "    self._async = client", "    self._bridge = bridge", *lines])


def _wrapping(owner: ast.ClassDef) -> str:
    return "\n".join(
        [
            "@classmethod",
            f"def _wrap(cls, client: {async_name(owner.name)}, bridge: Bridge) -> Self:",
            "    wrapped = object.__new__(cls)",
            "    wrapped._assemble(client, bridge)",
            "    return wrapped",
        ]
    )


def _slots(parts: list[_Part]) -> str:
    names = sorted(["_async", "_bridge", *(part.name for part in parts)])
    return f"__slots__ = ({', '.join(repr(name) for name in names)})"


def _resource_constructor(owner: ast.ClassDef, parts: list[_Part]) -> str:
    lines = [f"    self.{part.name} = {part.twin}(resource.{part.name}, bridge)" for part in parts]
    head = f"def __init__(self, resource: {async_name(owner.name)}, bridge: Bridge) -> None:"
    return "\n".join([head, "    self._async = resource", "    self._bridge = bridge", *lines])
