"""Make the entries of the catalogue for methods and their parameters."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from generator.annotations import Annotations, Value
from generator.catalogue_data import PLACE, Declared
from generator.operations import Operation, Operations
from generator.operator_texts import Names, cli_word
from generator.rules import GeneratorError
from generator.source import Function, Library, Source

NOT_GIVEN: Final = frozenset({"self", "options", "prefetch"})
"""The parameters that the catalogue leaves out."""

Data = dict[str, Any]
"""The arguments of a class of the catalogue."""


@dataclass(frozen=True)
class Found:
    """A method of a resource, and the module that defines it."""

    path: str
    source: Source
    function: Function

    @property
    def docstring(self) -> str:
        """The docstring, without quotes."""
        return ast.get_docstring(self.function) or ""

    def parameters(self) -> Iterator[tuple[ast.arg, ast.expr | None, bool]]:
        """Yield the parameters of the catalogue, each with its default, and whether it is positional."""
        given = self.function.args
        before = [None] * (len(given.args) - len(given.defaults))
        for each, default in zip(given.args, [*before, *given.defaults], strict=True):
            if each.arg not in NOT_GIVEN:
                yield each, default, True
        for each, default in zip(given.kwonlyargs, given.kw_defaults, strict=True):
            if each.arg not in NOT_GIVEN:
                yield each, default, False


@dataclass(frozen=True)
class Resource:
    """A resource of a client."""

    client: str
    path: str
    source: Source
    node: ast.ClassDef
    methods: Sequence[Found]
    inner: Sequence[Resource]

    @property
    def attribute(self) -> str:
        """The name of the attribute that has the resource."""
        return self.path.rpartition(".")[2]


def found_methods(library: Library, source: Source, owner: ast.ClassDef, path: str) -> list[Found]:
    """Return the public methods of a class. Methods of bases come first, those of the last base before the others.

    Args:
        library: All modules.
        source: The module of the class.
        owner: The class.
        path: The attributes that lead to it.
    """
    found: dict[str, Found] = {}
    for base in reversed(library.bases(source, owner)):
        found |= {each.path.rpartition(".")[2]: each for each in found_methods(library, *base, path)}
    for node in owner.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("_"):
            kinds = {ast.unparse(each) for each in node.decorator_list}
            if not kinds & {"property", "classmethod", "staticmethod"}:
                found[node.name] = Found(f"{path}.{node.name}".strip("."), source, node)
    return list(found.values())


@dataclass(frozen=True)
class Entries:
    """Makes the entries of one client's methods."""

    client: str
    declared: Declared
    annotations: Annotations
    operations: Operations
    commands: Mapping[str, str]
    """The commands by the paths of their methods."""
    in_view: frozenset[str]
    """The paths of the methods that the view of one tenant has."""

    def noun(self, resource: Resource) -> Data:
        """Return the entry of a resource, with the entries of its inner resources.

        Raises:
            GeneratorError: A text or a parameter cannot be shown on a command line.
        """
        return {
            "path": resource.path,
            "name": self.commands.get(resource.path, "").rpartition(" ")[2],
            "about": self.about(resource),
            "thing": self.thing_of(resource.path),
            "methods": [self._method(each) for each in resource.methods],
            "nouns": [self.noun(each) for each in resource.inner],
        }

    def about(self, resource: Resource) -> str:
        """Return the sentence about a resource."""
        docstring = ast.get_docstring(resource.node) or ""
        if self.client == "environment" and resource.path in self.declared.nouns:
            return self.declared.nouns[resource.path]["about"]
        if not resource.path:
            return docstring.partition("\n")[0].replace("`", "")
        first = docstring.partition("\n\n")[0]
        return self.declared.wording.text(first, Names(commands=self.commands), resource.node.name)

    def thing_of(self, path: str) -> str:
        """Return the word for an object of a resource in questions."""
        name = path.rpartition(".")[2]
        found: str | None = self.declared.find("things", path, name)
        return found or name.replace("_", " ").replace("api", "API").removesuffix("s")

    def _method(self, found: Found) -> Data:
        path, declared = found.path, self.declared
        noun, _, name = path.rpartition(".")
        reason: str | None = declared.find("not_commands", path)
        values = {
            each.arg: self.annotations.value_of(found.source, each.annotation or ast.Name(id="object"))
            for each, _, _ in found.parameters()
        }
        result = self.annotations.result_of(found.source, found.function.returns or ast.Name(id="None"))
        operations = self.operations.named_in(found.docstring)
        noun_of_command, _, verb = (self.commands[noun], "", self.commands[path][len(self.commands[noun]) :].strip())
        return {
            "path": path,
            "noun": noun_of_command,
            "verb": verb,
            **self._texts(found, values, is_command=reason is None),
            "returns": "" if result.returns == "none" else result.returns,
            "model": result.model,
            "secret": result.secret,
            "is_only_copy": result.secret and result.model.startswith("New"),
            **self._danger(path, name, values, operations),
            "operations": tuple(each.name for each in operations),
            "evidence": operations[0].evidence if operations else "",
            "in_view": path in self.in_view,
            "is_command": None if reason is None else False,
        }

    def _texts(self, found: Found, values: Mapping[str, Value], *, is_command: bool) -> Data:
        noun = found.path.rpartition(".")[0]
        parameters = list(found.parameters())
        options = {
            each.arg: each.arg.upper() if by_position else f"--{self._option(each.arg) or each.arg.replace('_', '-')}"
            for each, _, by_position in parameters
        }
        siblings = {
            path.rpartition(".")[2]: command
            for path, command in self.commands.items()
            if path.rpartition(".")[0] == noun
        }
        words = [word for each in values.values() for word in each.words]
        names = Names(
            options,
            {**{cli_word(word): cli_word(word) for word in words}, **{word: cli_word(word) for word in words}},
            {**siblings, **self.commands},
        )
        wording = self.declared.wording
        helps = wording.arguments(found.docstring)
        entries = [
            self._parameter(found, each, default, values[each.arg], by_position=by_position)
            for each, default, by_position in parameters
        ]
        if not is_command:
            about = " ".join(found.docstring.partition("\n\n")[0].split()).replace("`", "")
            return {"about": about, "parameters": entries}
        about, *details = wording.paragraphs(found.docstring, names, found.path)
        for entry in entries:
            name = str(entry["name"])
            if values[name].kind == "object":
                raise GeneratorError(f"{PLACE}:1: {found.path} takes {name}, which a command cannot pass")
            entry["about"] = wording.text(helps.get(name, ""), names, f"{found.path} {name}")
        return {"about": about, "details": tuple(details), "parameters": entries}

    def _option(self, name: str) -> str:
        found: str | None = self.declared.find("options", name)
        return found or ""

    def _parameter(
        self, found: Found, given: ast.arg, default: ast.expr | None, value: Value, *, by_position: bool
    ) -> Data:
        kind = "document" if value.kind == "text" and given.arg in self.declared.documents else value.kind
        return {
            "name": given.arg,
            "kind": kind,
            "about": "",
            "words": value.words,
            "by_position": by_position,
            "required": default is None,
            "many": value.many,
            "clearable": value.clearable,
            "secret": value.secret,
            "default": "" if default is None else _shown(found.source, default, value),
            "option": "" if by_position else self._option(given.arg),
            "example": self.declared.example(found.path, given.arg),
            "in_example": default is not None and self.declared.is_in_example(found.path, given.arg),
        }

    def _danger(self, path: str, name: str, values: Mapping[str, Value], operations: Sequence[Operation]) -> Data:
        """Return the part of a method's entry about its changes."""
        declared = self.declared
        by_operation = any(each.method == "DELETE" for each in operations)
        is_destructive = (
            by_operation
            or name.partition("_")[0] in ("lock", "replace")
            or declared.find("also_destructive", path) is not None
        )
        of_several = "tenant_ids" in values and any(each.writes for each in operations)
        if not is_destructive and not of_several:
            return {}
        verb, _, thing = name.partition("_")
        question: Sequence[str] | None = declared.find("questions", path)
        action, said = question or (verb.capitalize(), thing.replace("_", " "))
        return {
            "is_destructive": is_destructive,
            "undone_by": declared.find("undone_by", path) or "",
            "of_several": of_several,
            "action": action,
            "thing": said or self.thing_of(path.rpartition(".")[0]),
        }


def _shown(source: Source, default: ast.expr, value: Value) -> str:
    """Return a default in the form that people write.

    Raises:
        GeneratorError: The default is an expression whose value is not in the code.
    """
    match default:
        case ast.Constant(value=None) | ast.Name(id="UNSET"):
            return ""
        case ast.Constant(value=bool() as flag):
            return str(flag).lower()
        case ast.Constant(value=each):
            return cli_word(str(each)) if value.words else str(each)
        case ast.Attribute(attr=name):
            return name.lower()
        case ast.Tuple(elts=elements):
            return ",".join(_shown(source, each, value) for each in elements)
        case ast.Name(id=name) if (constant := source.constant(name)) is not None:
            return _shown(source, constant, value)
        case _:
            raise GeneratorError(
                f"{source.place}:{default.lineno}: the help cannot show the default {ast.unparse(default)}"
            )
