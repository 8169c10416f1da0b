"""Generate a class of the blocking package: a client or a resource."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from generator.methods import Twins, constructor, method, runner_doc
from generator.rules import BASES, Rules, async_name
from generator.source import Library, Member, Source, add_argument, is_public, is_text

_NARROWER: Final = "  # pyright: ignore[reportIncompatibleVariableOverride]  # narrower, and set once"


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
    """Return the twin of a class. It has the twins of the bases as bases.

    Args:
        library: The modules of the bases.
        source: The module.
        owner: The class.
        twins: The classes that have twins.
        rules: The tables.

    Raises:
        GeneratorError: The class has an unsupported statement.
    """
    lazy = _is_lazy(owner)
    is_abstract = [ast.unparse(each) for each in owner.keywords] == ["metaclass=ABCMeta"]
    if (owner.keywords and not is_abstract) or (owner.decorator_list and not lazy):
        source.fail(owner, f"{owner.name} has a keyword or a decorator, and twins have none")
    own = [Member(source, node) for node in owner.body[1:]]
    docstring = source.docstring(owner, rules)
    parts = _parts(owner, own, rules)
    made = [] if lazy else parts
    is_mixin = _is_mixin(library, source, owner)
    is_whole_client = is_client(library.members(source, owner)) and not is_mixin
    inherits = _inherits_constructor(library, source, owner)
    has_mixins = bool(library.bases(source, owner)) and not inherits
    body: list[str] = []
    if is_whole_client:
        function = _constructor_of(source, owner, own)
        entry = runner_doc(function, twins)
        docstring = docstring if entry is None else add_argument(docstring, entry)
        body += [
            constructor(source, owner, function, twins, rules),
            _assembly(owner, made, has_mixins=has_mixins),
            _wrapping(owner),
        ]
    elif not is_mixin and (made or not inherits):
        body.append(_resource_constructor(owner, made, inherits=inherits, has_mixins=has_mixins))
    for each in own:
        if isinstance(each.node, ast.FunctionDef | ast.AsyncFunctionDef):
            twin = method(source, owner, each.node, twins, rules)
            if twin is not None:
                body.append(twin)
    stored = [] if is_mixin or inherits else ["_async", "_bridge"]
    slots = "" if lazy or is_whole_client else f"__slots__ = {_tuple([*stored, *(part.name for part in made)])}"
    fields = [f"{part.name}: {part.twin}\n{part.docstring}" for part in parts]
    declaration = _declaration(library, source, owner)
    code = "\n\n".join(each for each in (docstring, slots, declaration, *fields, *body) if each)
    bases = _bases(owner, rules)
    head = f"{rules.rename(owner.name)}({', '.join(bases)})" if bases else rules.rename(owner.name)
    decorator = f"@{source.text(owner.decorator_list[0])}\n" if lazy else ""
    return f"{decorator}class {head}:\n" + _indented(code)


def _bases(owner: ast.ClassDef, rules: Rules) -> list[str]:
    """Return the bases of the twin of a class."""
    names = [base.id for base in owner.bases if isinstance(base, ast.Name)]
    return [BASES.get(name) or rules.rename(name) for name in names]


def _is_mixin(library: Library, source: Source, owner: ast.ClassDef) -> bool:
    """Return whether a class is a base without a constructor.

    Only derived classes have instances, and these instances have the attributes.
    """
    has_constructor = any(each.name == "__init__" for each in library.members(source, owner))
    return not is_public(owner.name) and not has_constructor


def _inherits_constructor(library: Library, source: Source, owner: ast.ClassDef) -> bool:
    return not all(_is_mixin(library, *base) for base in library.bases(source, owner))


def _declares(library: Library, source: Source, owner: ast.ClassDef) -> bool:
    """Return whether the body of a twin declares ``_async``, because methods use it and no constructor types it."""
    functions = (each for each in owner.body if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef))
    uses = len(owner.bases) > 1 or any(not each.name.startswith("_") for each in functions)
    inherits = _inherits_constructor(library, source, owner)
    return (inherits and uses) or _is_mixin(library, source, owner)


def _declaration(library: Library, source: Source, owner: ast.ClassDef) -> str:
    """Return the declarations of attributes in the body of a twin."""
    if not _declares(library, source, owner):
        return ""
    declaration = f"_async: {async_name(owner.name)}"
    bases = library.bases(source, owner)
    if not bases:
        return f"{declaration}\n_bridge: Bridge"
    return declaration + (_NARROWER if any(_declares(library, *base) for base in bases) else "")


def _is_lazy(owner: ast.ClassDef) -> bool:
    """Return whether the resources of a class are made at their first look-up."""
    return [ast.unparse(each).partition("(")[0] for each in owner.decorator_list] == ["with_resources"]


def _indented(text: str) -> str:
    """Indent the body of a class. The inner lines of docstrings already have the indentation of their source."""
    lines: list[str] = []
    inside = False
    for line in text.split("\n"):
        lines.append(line if inside or not line else "    " + line)
        if line.count('"""') == 1:
            inside = not inside
    return "\n".join(lines)


def _parts(owner: ast.ClassDef, members: Sequence[Member], rules: Rules) -> list[_Part]:
    """Return the resources of a class. Check all statements of its body except methods."""
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


def _constructor_of(source: Source, owner: ast.ClassDef, own: Sequence[Member]) -> ast.FunctionDef:
    found = (each.node for each in own if isinstance(each.node, ast.FunctionDef) and each.name == "__init__")
    made = next(found, None)
    if made is None:
        source.fail(owner, f"{owner.name} has no constructor")
    return made


def _assembly(owner: ast.ClassDef, parts: list[_Part], *, has_mixins: bool) -> str:
    lines = [f"    self.{part.name} = {part.twin}(client.{part.name}, bridge)" for part in parts]
    head = f"def _assemble(self, client: {async_name(owner.name)}, bridge: Bridge) -> None:"
    return "\n".join(
        [head, f"    {_stored(owner, 'client', has_mixins=has_mixins)}", "    self._bridge = bridge", *lines]
    )


def _stored(owner: ast.ClassDef, value: str, *, has_mixins: bool) -> str:
    return f"self._async: {async_name(owner.name)} = {value}{_NARROWER}" if has_mixins else f"self._async = {value}"


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


def _tuple(names: Sequence[str]) -> str:
    return f"({', '.join(map(repr, sorted(names)))}{',' * (len(names) == 1)})"


def _resource_constructor(owner: ast.ClassDef, parts: list[_Part], *, inherits: bool, has_mixins: bool) -> str:
    head = f"def __init__(self, resource: {async_name(owner.name)}, bridge: Bridge) -> None:"
    own = [_stored(owner, "resource", has_mixins=has_mixins), "self._bridge = bridge"]
    stored = ["super().__init__(resource, bridge)"] if inherits else own
    made = [f"self.{part.name} = {part.twin}(resource.{part.name}, bridge)" for part in parts]
    return "\n    ".join([head, *stored, *made])
