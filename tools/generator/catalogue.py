"""Generate the catalogue: the public methods of the clients as data, from code and ``catalogue.toml``."""

from __future__ import annotations

import ast
import json
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, cast

from generator.annotations import Annotations
from generator.catalogue_data import PLACE, Declared, read_declared
from generator.catalogue_methods import Entries, Resource, found_methods
from generator.modules import header
from generator.operations import read_operations
from generator.rules import GeneratorError
from generator.source import Library, Source

DIRECTORY: Final = "frontegg_async/catalogue"
_CLIENTS: Final = {"environment": "AsyncFrontegg", "user": "AsyncFronteggUser"}
_VIEW: Final = "AsyncTenantView"
_OWN: Final = "client"
"""The module of the methods of a client itself."""

_ENTRY: Final = "from frontegg_async.catalogue.entry import Entry\n"
_ALWAYS: Final = frozenset({"name", "noun", "path", "thing", "verb"})
"""The arguments that have no default, but may be empty."""

_WIDTH: Final = 80


def catalogue_texts(root: Path, library: Library, declaration: Path) -> dict[str, str]:
    """Return the text of each module of the catalogue by its path; empty without a catalogue.

    Args:
        root: The directory of both packages.
        library: The modules of the clients and of the resources.
        declaration: The file ``catalogue.toml``.

    Raises:
        GeneratorError: A text for the command line contains a name of Python. Or an entry is not used.
    """
    if not (root / DIRECTORY).exists():
        return {}
    declared = read_declared(declaration)
    operations = read_operations(root)
    annotations = Annotations(root, library)
    in_view = frozenset(_viewed(library))
    texts: dict[str, str] = {}
    index = ["from collections.abc import Mapping", "from typing import Final", _ENTRY]
    called: dict[str, list[tuple[str, str]]] = {}
    for client, name in _CLIENTS.items():
        own, resources = _resources_of(library, client, name, declared)
        commands = dict(_commands(own, resources, declared))
        seen = in_view if client == "environment" else frozenset[str]()
        entries = Entries(client, declared, annotations, operations, commands, seen)
        for resource in (own, *resources):
            noun = entries.noun(resource)
            module = resource.path or _OWN
            docstring = f'"""{_sentence(resource, name)}"""'
            texts[f"{DIRECTORY}/{client}/{module}.py"] = _module(resource, docstring, _made("Noun", noun))
            for method in _methods_in(noun):
                for operation in method["operations"]:
                    called.setdefault(operation, []).append((client, method["path"]))
        texts[f"{DIRECTORY}/{client}/__init__.py"] = header(
            f"{DIRECTORY}/types.py", f'"""The methods of ``{name}``, a module for each resource."""', has_code=False
        )
        index.append(_listed(entries, name, resources))
    declared.check_used()
    texts[f"{DIRECTORY}/models.py"] = _models(annotations.columns)
    texts[f"{DIRECTORY}/operations.py"] = _operations(called)
    docstring = '"""The resources of the clients."""'
    return texts | {f"{DIRECTORY}/index.py": header(PLACE, docstring) + "\n".join(index) + "\n"}


def _resources_of(library: Library, client: str, name: str, declared: Declared) -> tuple[Resource, list[Resource]]:
    """Return the client itself as a resource, and its resources.

    The resources of the environment's client have the order of ``[nouns]``.
    """
    source, owner = _class(library, name)
    found = {each.path: each for each in _inner(library, client, source, owner, "")}
    if client == "environment":
        for path in found.keys() ^ declared.nouns.keys():
            problem = f"[nouns] lacks {path}" if path in found else f"{name} has no {path}"
            raise GeneratorError(f"{PLACE}:1: {problem}")
        found = {path: found[path] for path in declared.nouns}
    own = Resource(client, "", source, owner, found_methods(library, source, owner, ""), ())
    return own, list(found.values())


def _class(library: Library, name: str) -> tuple[Source, ast.ClassDef]:
    found = library.find(name)
    if found is None:
        raise GeneratorError(f"{PLACE}:1: there is no class {name}")
    return found


def _inner(library: Library, client: str, source: Source, owner: ast.ClassDef, path: str) -> Iterator[Resource]:
    """Yield the resources in the public annotations of a client or a resource."""
    for member in library.members(source, owner):
        if isinstance(member.node, ast.AnnAssign) and member.name and not member.name.startswith("_"):
            home, node = _class(library, ast.unparse(member.node.annotation))
            inner = f"{path}.{member.name}".strip(".")
            methods = found_methods(library, home, node, inner)
            yield Resource(client, inner, home, node, methods, tuple(_inner(library, client, home, node, inner)))


def _viewed(library: Library) -> Iterator[str]:
    """Yield the paths of the methods that the view of one tenant has.

    The paths of the view's own methods begin with ``tenants.``, as in the client.
    """
    source, owner = _class(library, _VIEW)
    for each in found_methods(library, source, owner, ""):
        yield f"tenants.{each.path}"
    waiting = list(_inner(library, "view", source, owner, ""))
    for resource in waiting:
        yield from (each.path for each in resource.methods)
        waiting += resource.inner


def _commands(own: Resource, resources: Sequence[Resource], declared: Declared) -> Iterator[tuple[str, str]]:
    """Yield the commands of a client by the paths of its methods, and its nouns by the paths of its resources."""
    before = "user " if own.client == "user" else ""
    yield "", before.strip()
    yield from ((each.path, f"{before}{each.path.replace('_', '-')}") for each in own.methods)
    waiting = [*resources]
    for resource in waiting:
        parts = resource.path.split(".")
        if own.client == "environment":
            parts[0] = declared.nouns[parts[0]].get("name") or parts[0]
            declared.find("nouns", resource.path)
        noun = before + " ".join(parts).replace("_", "-")
        yield resource.path, noun
        for each in resource.methods:
            verb: str | None = declared.find("verbs", each.path)
            yield each.path, f"{noun} {verb or each.path.rpartition('.')[2].replace('_', '-')}"
        waiting += resource.inner


def _methods_in(noun: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield from noun["methods"]
    for each in noun["nouns"]:
        yield from _methods_in(each)


def _sentence(resource: Resource, name: str) -> str:
    return f"The methods of ``{name}`` itself." if not resource.path else f"``{resource.path}`` of ``{name}``."


def _module(resource: Resource, docstring: str, noun: str) -> str:
    names = ", ".join(each for each in ("Method", "Noun", "Parameter") if f"{each}(" in noun)
    code = f"from typing import Final\nfrom frontegg_async.catalogue.types import {names}\n\nNOUN: Final = {noun}\n"
    return header(resource.source.place, docstring) + code


def _listed(entries: Entries, name: str, resources: Sequence[Resource]) -> str:
    """Return the code that lists the resources of a client."""
    client, lines = entries.client, list[str]()
    for each in resources:
        noun = entries.commands[each.path].rpartition(" ")[2]
        values = [noun, f"{DIRECTORY.replace('/', '.')}.{client}.{each.path}", entries.about(each)]
        if client == "environment":
            values.append(entries.declared.nouns[each.path]["section"])
        lines.append(f"{each.path!r}: Entry({', '.join(map(_literal, values))}),")
    code = f"{client.upper()}: Final[Mapping[str, Entry]] = {{{' '.join(lines)}}}"
    return f'{code}\n"""The resources of ``{name}``, by their attributes."""\n'


def _models(columns: Mapping[str, Sequence[str]]) -> str:
    """Return the module with the fields of the models that methods return."""
    lines = [f"{name!r}: {_literal(' '.join(columns[name]))}," for name in sorted(columns)]
    imports = "from collections.abc import Mapping\nfrom typing import Final\n"
    code = f"{imports}FIELDS: Final[Mapping[str, str]] = {{{''.join(lines)}}}"
    docstring = '"""The fields of the models that methods return, by the names of the models."""'
    return (
        header("frontegg_async/models", docstring) + f'{code}\n"""The names of the fields are separated by spaces."""\n'
    )


def _operations(called: Mapping[str, Sequence[tuple[str, str]]]) -> str:
    """Return the module with the methods that call each operation."""
    imports = "from collections.abc import Mapping, Sequence\nfrom typing import Final\n"
    imports += "from frontegg_async.catalogue.types import Client\n"
    entries = "".join(f"{name!r}: {tuple(called[name])!r}," for name in sorted(called))
    code = f"OPERATIONS: Final[Mapping[str, Sequence[tuple[Client, str]]]] = {{{entries}}}\n"
    docstring = '"""The methods whose documentation names an operation, by the name of the operation."""'
    about = '"""Each method by its client and its path."""\n'
    return header("frontegg_async/endpoints", docstring) + imports + code + about


def _made(name: str, given: Mapping[str, Any]) -> str:
    """Return the code that makes an entry, with the arguments that are not empty."""
    inner = {"methods": "Method", "nouns": "Noun", "parameters": "Parameter"}
    arguments: list[str] = []
    for key, value in given.items():
        if key in inner and value:
            arguments.append(f"{key}=({''.join(f'{_made(inner[key], each)},' for each in value)})")
        elif value or (key == "is_command" and value is False) or key in _ALWAYS:
            arguments.append(f"{key}={_literal(value) if isinstance(value, str) else _several(value)}")
    return f"{name}({','.join(arguments)})"


def _several(value: object) -> str:
    texts = cast("tuple[object, ...]", value) if isinstance(value, tuple) else ()
    if texts and all(isinstance(each, str) for each in texts):
        return f"({', '.join(_literal(str(each)) for each in texts)}{',' * (len(texts) == 1)})"
    return repr(value)


def _literal(text: str) -> str:
    """Return the code of a text, in pieces that fit a line."""
    pieces = textwrap.wrap(text, _WIDTH, drop_whitespace=False, replace_whitespace=False, break_on_hyphens=False)
    if len(pieces) < 2:  # noqa: PLR2004 - a single piece
        return json.dumps(text, ensure_ascii=False)
    return "(" + "\n".join(json.dumps(piece, ensure_ascii=False) for piece in pieces) + ")"
