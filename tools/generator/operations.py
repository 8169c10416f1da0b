"""Read the declared operations of the service from the source text."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from generator.rules import GeneratorError

_DIRECTORY: Final = "frontegg_async/endpoints"
_CALL: Final = re.compile(r"``([A-Z]+) (/[^`]+)``")

_Values = Mapping[str, str]


@dataclass(frozen=True)
class Operation:
    """An operation, with the facts for the catalogue."""

    name: str
    method: str
    path: str
    """The path in the form of the reference, with parameters in camel case."""
    evidence: str
    writes: bool


@dataclass(frozen=True)
class Operations:
    """All operations, by method and path."""

    found: Mapping[tuple[str, str], Operation]

    def named_in(self, docstring: str) -> list[Operation]:
        """Return the operations that a docstring names, without duplicates.

        Raises:
            GeneratorError: The docstring names an operation that is not declared.
        """
        calls = dict.fromkeys((method, path) for method, path in _CALL.findall(" ".join(docstring.split())))
        for method, path in calls:
            if (method, path) not in self.found:
                raise GeneratorError(f"{_DIRECTORY}:1: no operation is {method} {path}, which a docstring names")
        return [self.found[call] for call in calls]


def read_operations(root: Path) -> Operations:
    """Return the operations that the client calls.

    Args:
        root: The directory of both packages.
    """
    modules = {path.stem: ast.parse(path.read_bytes()) for path in sorted((root / _DIRECTORY).glob("*.py"))}
    texts = {name: _texts(tree) for name, tree in modules.items()}
    found = [
        each for name, tree in modules.items() for each in _declared(tree, {**_imported(tree, texts), **texts[name]})
    ]
    return Operations({(each.method, each.path): each for each in found})


def _texts(tree: ast.Module) -> dict[str, str]:
    """Return the constants of a module that are text."""
    found: dict[str, str] = {}
    for node in tree.body:
        target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
        value = getattr(node, "value", None)
        if isinstance(target, ast.Name) and isinstance(value, ast.Constant | ast.JoinedStr):
            text = _text(value, found)
            if text is not None:
                found[target.id] = text
    return found


def _imported(tree: ast.Module, texts: Mapping[str, _Values]) -> dict[str, str]:
    return {
        each.asname or each.name: texts[module][each.name]
        for node in tree.body
        if isinstance(node, ast.ImportFrom) and node.module
        for module in [node.module.rpartition(".")[2]]
        for each in node.names
        if each.name in texts.get(module, {})
    }


def _text(node: ast.expr | None, values: _Values) -> str | None:
    """Return the value of an expression if it is text made of constants."""
    match node:
        case ast.Constant(value=str() as text):
            return text
        case ast.Name(id=name):
            return values.get(name)
        case ast.JoinedStr(values=parts):
            pieces = [_text(each.value if isinstance(each, ast.FormattedValue) else each, values) for each in parts]
            return None if None in pieces else "".join(filter(None, pieces))
        case _:
            return None


def _declared(tree: ast.Module, values: _Values) -> Iterator[Operation]:
    makers = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    for node in tree.body:
        call = getattr(node, "value", None)
        if not isinstance(node, ast.Assign | ast.AnnAssign) or not isinstance(call, ast.Call):
            continue
        if ast.unparse(call.func) == "Endpoint":
            yield from _operation(call, values)
        elif isinstance(call.func, ast.Name) and call.func.id in makers:
            maker = makers[call.func.id]
            texts = {
                each.arg: text
                for each, given in zip(maker.args.args, call.args, strict=True)
                if (text := _text(given, values)) is not None
            }
            for made in ast.walk(maker):
                if isinstance(made, ast.Call) and ast.unparse(made.func) == "Endpoint":
                    yield from _operation(made, {**values, **texts})


def _operation(call: ast.Call, values: _Values) -> Iterator[Operation]:
    given = {each.arg: each.value for each in call.keywords}
    if ast.unparse(given.get("client", ast.Constant(value=True))) == "False":
        return
    name, method, path = (_text(given[each], values) for each in ("name", "method", "path"))
    if name is None or method is None or path is None:
        raise GeneratorError(f"{_DIRECTORY}:1: the operation {ast.unparse(given['name'])} is not understood")
    retry = ast.unparse(given["retry"]) if "retry" in given else ""
    evidence = ast.unparse(given["evidence"]).rpartition(".")[2].lower() if "evidence" in given else "assumed"
    is_safe = retry == "Retry.SAFE" or (not retry and method == "GET")
    writes = ast.unparse(given["writes"]) == "True" if "writes" in given else not is_safe
    yield Operation(name, method, re.sub(r"_([a-z])", lambda match: match[1].upper(), path), evidence, writes)
