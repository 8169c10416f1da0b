"""Generate the emulator's blocking handle from the awaitable one.

Every method has a single statement. A statement that uses ``_verbs``, the object that controls the emulator, runs in
the thread that serves the emulator. All other code is copied.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Final

from generator.modules import MARK
from generator.rules import GeneratorError, Rules
from generator.source import Source, is_text

SOURCE: Final = "frontegg_async/emulator/handle.py"
TARGET: Final = "frontegg_async/emulator/blocking_handle.py"

_NAMES: Final = {
    "AsyncEmulatorHandle": "EmulatorHandle",
    "AsyncFrontegg": "Frontegg",
}
_WORDING: Final = (
    (r"with awaitable verbs", "with blocking verbs"),
    (r"controls an emulator in this program", "controls an emulator in a thread of this program"),
    (r"runs in the event loop of this program", "runs in a thread of this program"),
    (r"``async with``", "``with``"),
    (r"``async with Emulator\(\)", "``with Emulator()"),
)
_MODULES: Final = {"frontegg_async.client": "frontegg_sync"}
_IMPORT: Final = "from frontegg_async.emulator.server_thread import ServerThread"
_VERBS: Final = "self._verbs"
_THREAD: Final = "self._thread"


def handle_texts(root: Path) -> dict[str, str]:
    """Return the text of the blocking handle by its path; empty without an emulator.

    Raises:
        GeneratorError: A statement of the source is not supported, or a rule is not used.
    """
    path = root / SOURCE
    if not path.exists():
        return {}
    source = Source(root, path)
    rules = Rules(names=_NAMES, wording=_WORDING, secrets=frozenset())
    parts = [_module_part(source, node, rules) for node in source.tree.body[1:]]
    text = beginning(source, source.docstring(source.tree, rules)) + "\n".join([_IMPORT, *filter(None, parts), ""])
    unused = [rule for rule in (*_NAMES, *(pattern for pattern, _ in _WORDING)) if rule not in rules.used]
    if unused:
        raise GeneratorError(f"tools/generator/handles.py:1: nothing uses the rule {unused[0]!r}; remove it")
    return {TARGET: text}


def beginning(source: Source, docstring: str) -> str:
    """Return the beginning of a module that is generated from another."""
    mark = f"{MARK} from {source.place}: change that, and generate again."
    return f"{mark}\n{docstring}\n\nfrom __future__ import annotations\n\n"


def _module_part(source: Source, node: ast.stmt, rules: Rules) -> str:
    if isinstance(node, ast.ClassDef):
        return f"\n\n{_class(source, node, rules)}"
    if isinstance(node, ast.ImportFrom) and node.module == "__future__":
        return ""
    if not (isinstance(node, ast.Import | ast.ImportFrom) or _is_type_checking(node)):
        source.fail(node, "a statement of the handle's module is not understood")
    return _renamed(source.text(node), rules)


def _is_type_checking(node: ast.stmt) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING" and not node.orelse


def _renamed(text: str, rules: Rules) -> str:
    for old, new in _MODULES.items():
        text = re.sub(rf"\b{re.escape(old)}\b(?!\.)", new, text)
    return rules.rename(text)


def _class(source: Source, owner: ast.ClassDef, rules: Rules) -> str:
    if owner.name not in rules.names or owner.bases or owner.decorator_list:
        source.fail(owner, f"{owner.name} is no handle without a base and decorators")
    parts = [source.docstring(owner, rules)]
    for node in owner.body[1:]:
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            source.fail(node, f"{owner.name} has a statement in its body that is not understood")
        parts.append(_constructor() if node.name == "__init__" else _method(source, owner, node, rules))
    body = "\n\n".join(parts)
    return f"class {rules.rename(owner.name)}:\n    {body}"


def _constructor() -> str:
    return (
        "    def __init__(self, url: str, verbs: Verbs, thread: ServerThread) -> None:\n"
        f"        self._url = url\n        {_VERBS} = verbs\n        {_THREAD} = thread"
    )


def _method(source: Source, owner: ast.ClassDef, node: ast.FunctionDef | ast.AsyncFunctionDef, rules: Rules) -> str:
    decorators = [f"    @{source.text(each)}" for each in node.decorator_list]
    head = rules.rename(source.head(node))
    docstring = source.docstring(node, rules)
    statements = [each for each in node.body if not is_text(each)]
    is_property = bool(decorators)
    if is_property or not any(_uses_verbs(each) for each in statements):
        if isinstance(node, ast.AsyncFunctionDef):
            source.fail(node, f"{owner.name}.{node.name} awaits nothing of the verbs")
        lines = [_renamed(_whole_lines(source, statements), rules)]
    elif len(statements) == 1 and isinstance(statements[0], ast.Return | ast.Expr) and statements[0].value is not None:
        lines = [_in_thread(source, owner, statements[0], rules)]
    else:
        source.fail(node, f"{owner.name}.{node.name} has more than one statement, or one that is no expression")
    body = "\n        ".join([docstring, *lines])
    return "\n".join([*decorators, f"    def {head.removeprefix('def ')}\n        {body}"])


def _whole_lines(source: Source, statements: list[ast.stmt]) -> str:
    """Return the lines of some statements, with the comments at their ends."""
    lines = source.path.read_text(encoding="utf-8").splitlines()[statements[0].lineno - 1 : statements[-1].end_lineno]
    return "\n".join(lines).lstrip()


def _uses_verbs(node: ast.AST) -> bool:
    return any(ast.unparse(each) == _VERBS for each in ast.walk(node) if isinstance(each, ast.Attribute))


def _in_thread(source: Source, owner: ast.ClassDef, statement: ast.Return | ast.Expr, rules: Rules) -> str:
    value = statement.value
    assert value is not None  # noqa: S101 - for the type checkers
    if isinstance(value, ast.Await):
        return f"{_THREAD}.run({source.text(value.value)})"
    is_plain_call = isinstance(value, ast.Call) and not value.args and not value.keywords
    if is_plain_call:
        assert isinstance(value, ast.Call)  # noqa: S101 - for the type checkers
        work = source.text(value.func)
    else:
        work = f"lambda: {_with_thread(source, owner, value, rules)}"
    keyword = "return " if isinstance(statement, ast.Return) else ""
    return f"{keyword}{_THREAD}.call({work})"


def _with_thread(source: Source, owner: ast.ClassDef, value: ast.expr, rules: Rules) -> str:
    """Return the code of an expression. A new handle also gets the thread."""
    text = source.text(value)
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id == owner.name:
        text = f"{text.rstrip().removesuffix(')').rstrip().removesuffix(',')}, {_THREAD})"
    return rules.rename(text)
