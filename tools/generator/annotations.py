"""Read the annotations of methods: the kinds of values, their words, and the returned models."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Final

from generator.source import Library, Source

_KINDS: Final = {
    "bool": "flag",
    "datetime": "time",
    "int": "integer",
    "float": "number",
    "str": "text",
    "Secret": "text",
}
_JSON: Final = frozenset({"JsonValue", "Mapping"})
_MANY: Final = frozenset({"Sequence", "list", "tuple"})
_SECRETS: Final = {"secret": "Secret", "link": "Secret", "token": "Secret", "otc_token": "Secret | None"}
"""The fields that contain the secret of a created object, and their types."""


@dataclass(frozen=True)
class Value:
    """The values that a parameter takes."""

    kind: str
    words: tuple[str, ...] = ()
    many: bool = False
    clearable: bool = False
    secret: bool = False


@dataclass(frozen=True)
class Result:
    """The result of a method."""

    returns: str
    model: str = ""
    secret: str = ""


@dataclass(frozen=True)
class _Words:
    texts: tuple[str, ...] = ()
    is_literal: bool = False


@dataclass(frozen=True)
class Annotations:
    """Resolves the names of annotations, in the modules of the package."""

    root: Path
    library: Library
    columns: dict[str, Sequence[str]] = field(default_factory=dict[str, Sequence[str]])
    """The fields of the models that were found as results."""
    _modules: dict[str, Source | None] = field(default_factory=dict[str, Source | None])

    def value_of(self, source: Source, hint: ast.expr) -> Value:
        """Return the values that a parameter takes.

        Args:
            source: The module of the annotation.
            hint: The annotation.
        """
        members = list(_members(hint))
        names = [_name(each) for each in members]
        inner = list(chain.from_iterable(_members(each) for each in chain.from_iterable(map(_arguments, members))))
        is_json = bool(_JSON & {*names, *map(_name, inner)})
        many = "Sequence" in names and not _JSON & {*names}
        # Methods take the texts of literals. For some enumerations, these differ in case from the words of the service.
        found = sorted((self._words(source, each) for each in (*members, *inner)), key=lambda each: not each.is_literal)
        words = next((each.texts for each in found if each.texts), ())
        kinds = [_KINDS[name] for name in (*names, *map(_name, inner)) if name in _KINDS]
        return Value(
            "json" if is_json else "word" if words else next(iter(kinds), "object"),
            () if is_json else words,
            many=many,
            clearable="Unset" in names and bool({"None", "JsonValue"} & {*names}),
            secret="Secret" in names,
        )

    def result_of(self, source: Source, hint: ast.expr) -> Result:
        """Return the result of a method.

        Args:
            source: The module of the annotation.
            hint: The annotation.
        """
        name = _name(hint)
        if name == "TenantTree":
            return Result("tree")
        found = filter(None, (self._model(source, each) for each in (hint, *_members(hint), *_arguments(hint))))
        model = next(found, None)
        is_pair = name == "tuple" and _name(_arguments(hint)[-1]) == "bool"
        returns = {
            "None": "none",
            "AsyncPages": "pages",
            "AsyncMigrationProgress": "progress",
            "AsyncUserMigration": "progress",
            "str": "text",
            "JsonValue": "json",
        }.get(name, "many" if name in _MANY and not is_pair else "one")
        if model is None:
            return Result(returns)
        fields = dict(self._fields(*model))
        secret = next(
            (name for name, kind in _SECRETS.items() if name in fields and ast.unparse(fields[name]) == kind), ""
        )
        self.columns[model[1].name] = [each for each in fields if not each.startswith("_")]
        return Result(returns, model[1].name, secret)

    def _words(self, source: Source, hint: ast.expr) -> _Words:
        """Return the texts of a literal or of an enumeration, in order."""
        if _name(hint) == "Literal":
            given = [each.value for each in _arguments(hint) if isinstance(each, ast.Constant)]
            texts = [each for each in given if isinstance(each, str)]
            # Take the first spelling of each word: literals begin with the words of the service, before words in snake
            # case.
            spellings: dict[str, str] = {}
            for text in texts:
                spellings.setdefault(_snake_case(text), text)
            return _Words(tuple(spellings.values()), is_literal=True)
        found = self._definition(source, hint)
        match found:
            case (home, ast.AnnAssign(value=ast.expr() as value)) | (home, ast.Assign(value=value)):
                return self._words(home, value)
            case (_, ast.ClassDef(bases=[ast.expr() as base], body=body)) if _name(base) == "StrEnum":
                assigned = [each.value for each in body if isinstance(each, ast.Assign)]
                return _Words(tuple(str(each.value) for each in assigned if isinstance(each, ast.Constant)))
            case _:
                return _Words()

    def _model(self, source: Source, hint: ast.expr) -> tuple[Source, ast.ClassDef] | None:
        """Return the class of a model."""
        found = self._definition(source, hint)
        if found is None or not isinstance(found[1], ast.ClassDef) or ".models." not in f"{found[0].module}.":
            return None
        return found[0], found[1]

    def _fields(self, source: Source, model: ast.ClassDef) -> Iterator[tuple[str, ast.expr]]:
        """Yield the fields of a model, fields of its bases first. A field that is declared again moves."""
        own = [
            (each.target.id, each.annotation)
            for each in model.body
            if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name)
        ]
        names = {name for name, annotation in own if _name(annotation) != "ClassVar"}
        for base in model.bases:
            found = self._model(source, base)
            if found is not None:
                yield from ((name, each) for name, each in self._fields(*found) if name not in names)
        yield from ((name, annotation) for name, annotation in own if name in names)

    def _definition(self, source: Source, hint: ast.expr) -> tuple[Source, ast.stmt] | None:
        """Return the statement that defines a name, and its module."""
        name = _name(hint)
        for node in _statements(source.tree.body):
            if isinstance(node, ast.ClassDef) and node.name == name:
                return source, node
            targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
            if any(isinstance(each, ast.Name) and each.id == name for each in targets):
                return source, node
            if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("frontegg_async"):
                for each in node.names:
                    if (each.asname or each.name) == name:
                        home = self._module(node.module)
                        return None if home is None else self._definition(home, ast.Name(id=each.name))
        return None

    def _module(self, name: str) -> Source | None:
        if name not in self._modules:
            known = {each.module: each for each in self.library.sources}
            path = self.root / name.replace(".", "/")
            files = [each for each in (path.with_suffix(".py"), path / "__init__.py") if each.exists()]
            self._modules[name] = known.get(name) or (Source(self.root, files[0]) if files else None)
        return self._modules[name]


def _statements(body: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield the statements of a module, even those that only type checkers read."""
    for node in body:
        if isinstance(node, ast.If):
            yield from _statements(node.body)
        else:
            yield node


def _members(hint: ast.expr) -> Iterator[ast.expr]:
    """Yield the members of a union."""
    if isinstance(hint, ast.BinOp):
        yield from _members(hint.left)
        yield from _members(hint.right)
    else:
        yield hint


def _arguments(hint: ast.expr) -> Sequence[ast.expr]:
    if not isinstance(hint, ast.Subscript):
        return ()
    return hint.slice.elts if isinstance(hint.slice, ast.Tuple) else (hint.slice,)


def _name(hint: ast.expr) -> str:
    """Return the name of a type without its module and its parameters."""
    if isinstance(hint, ast.Subscript):
        return _name(hint.value)
    return hint.attr if isinstance(hint, ast.Attribute) else ast.unparse(hint)


def _snake_case(word: str) -> str:
    return re.sub(r"(?<!^)(?<![A-Z_])([A-Z])", r"_\1", re.sub(r"[-.]", "_", word)).lower()
