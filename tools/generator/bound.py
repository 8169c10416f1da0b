"""Generate classes with the id of a tenant or user as first parameter from classes without it, and vice versa."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from generator.methods import handed_on
from generator.modules import header, resolve
from generator.rules import IDS, Binding, GeneratorError, Release, Rules
from generator.source import Function, Library, Source

_RESOURCES: Final = "frontegg_async/resources"
_OF_TENANT: Final = f"{_RESOURCES}/of_tenant"
"""The directory of the hand-written classes that are bound to a tenant or a user."""

_BY_ID: Final = f"{_RESOURCES}/by_id"
_VIEWS: Final = f"{_RESOURCES}/views"
_ROOMS: Final = {
    _BY_ID: "Generated classes: the methods of ``of_tenant``, with the id of a tenant or a user first.",
    _VIEWS: "Generated classes: the methods of others, without the parameters whose values are known.",
}
"""The docstrings of the directories of generated modules."""

_ONE_TENANT: Final = re.compile(r"AsyncTenant(?=[A-Z])")

_CALLERS: Final = {
    ("tenant_id",): "self._caller.for_tenant(tenant_id)",
    ("tenant_id", "user_id"): "self._caller.for_tenant(tenant_id).for_user(user_id)",
    ("user_id",): "self._caller.for_user(user_id)",
}
_LATE: Final = ("OutcomeUnknownError", "ResultLostError", "FronteggError")
"""The last errors of a docstring. An added error stands before them."""

_EMPTY: Final = re.compile(r"\n {8}(?:Args|Raises):\n(?= *(?:\n|\"\"\"))")
"""A section without entries."""


@dataclass
class _Module:
    """The collected parts of one generated module."""

    source: Source
    docstring: str
    places: dict[Source, None] = field(default_factory=dict)
    classes: list[str] = field(default_factory=list)
    names: set[str] = field(default_factory=set)


def bound_modules(library: Library, rules: Rules) -> dict[str, str]:
    """Return the text of each module of generated classes by its path, before formatting.

    Args:
        library: The hand-written modules.
        rules: The tables.

    Raises:
        GeneratorError: A class is missing, or has an unsupported statement.
    """
    modules: dict[str, _Module] = {}
    rules_of_classes: tuple[Binding | Release, ...] = (*by_convention(library), *rules.bindings, *rules.releases)
    for rule in rules_of_classes:
        found = library.find(rule.source)
        if found is None:
            raise GeneratorError(f"tools/generator/rules.py:1: there is no class {rule.source!r}")
        source, owner = found
        module = modules.setdefault(_place(source, owner, rule), _Module(source, _module_docstring(source, rule)))
        members = library.members(source, owner)
        module.places |= {source: None} | {each.source: None for each in members}
        methods = [
            (each.source, each.node)
            for each in members
            if isinstance(each.node, ast.FunctionDef | ast.AsyncFunctionDef) and not each.name.startswith("_")
        ]
        code = _bound(methods, rule, rules) if isinstance(rule, Binding) else _released(methods, rule, rules)
        docstring = _headed(_of_several(source.plain_docstring(owner)), rule.docstring)
        module.classes.append(_class(rule, docstring, code))
        module.names.add(rule.name)
    texts = {path: _text(module) for path, module in modules.items()}
    for room in {path.rpartition("/")[0] for path in texts}:
        docstring = next(text for top, text in _ROOMS.items() if room.startswith(top))
        texts[f"{room}/__init__.py"] = header("tools/generator/rules.py", f'"""{docstring}"""', has_code=False)
    return texts


def by_convention(library: Library) -> list[Binding]:
    """Return the rule for each class of one tenant: ``AsyncTenantNotes`` becomes ``AsyncNotes``.

    If a hand-written ``AsyncNotes`` extends ``NotesById``, the class ``NotesById`` is generated instead.
    """
    found: list[Binding] = []
    for source in library.sources:
        for node in source.tree.body if source.place.startswith(f"{_OF_TENANT}/") else ():
            if isinstance(node, ast.ClassDef) and _ONE_TENANT.match(node.name):
                subject = _ONE_TENANT.sub("", node.name)
                by_hand = library.find(f"Async{subject}")
                if by_hand is None:
                    found.append(Binding(node.name, f"Async{subject}"))
                elif f"{subject}ById" in map(ast.unparse, by_hand[1].bases):
                    found.append(Binding(node.name, f"{subject}ById"))
    return found


def _place(source: Source, owner: ast.ClassDef, rule: Binding | Release) -> str:
    if isinstance(rule, Release):
        return f"{_VIEWS}/{rule.module}.py"
    if not source.place.startswith(f"{_OF_TENANT}/"):
        source.fail(owner, f"{owner.name} is not below {_OF_TENANT}")
    return f"{_BY_ID}{source.place.removeprefix(_OF_TENANT)}"


def _module_docstring(source: Source, rule: Binding | Release) -> str:
    return source.plain_docstring(source.tree) if isinstance(rule, Binding) else f'"""{rule.docstring}"""'


def _text(module: _Module) -> str:
    classes = "\n\n\n".join(module.classes)
    imports, definitions = resolve(module.source, [*module.places], classes, {}, module.names)
    return header(module.source.place, module.docstring) + "\n".join([*imports, "", *definitions, "", classes, ""])


def _of_several(docstring: str) -> str:
    """Return the docstring of a class of one tenant for a class of several tenants, without its quotes."""
    return docstring.strip('"').replace("one tenant's", "tenants'").replace("one tenant", "tenants")


def _headed(docstring: str, headline: str) -> str:
    """Return a docstring with the headline in place of its first paragraph; without a headline, return it unchanged."""
    first, *others = docstring.split("\n\n")
    return "\n\n".join([headline or first, *others])


def _class(rule: Binding | Release, docstring: str, methods: Iterable[str]) -> str:
    base = rule.base if isinstance(rule, Release) else ""
    head = [f"class {rule.name}{f'({base})' if base else ''}:", f'    """{docstring}"""']
    if base:
        head.append("    __slots__ = ()")
    else:
        head.append('    __slots__ = ("_caller",)')
        head.append("    def __init__(self, caller: Caller) -> None:\n        self._caller = caller")
    return "\n\n".join([*head, *methods])


def _bound(methods: list[tuple[Source, Function]], rule: Binding, rules: Rules) -> list[str]:
    """Return the methods of a class that take ids first."""
    found: list[str] = []
    maker = f"{rule.source}({_CALLERS[rule.ids]})"
    for source, function in methods:
        _check(source, function)
        taken = {each.arg for each in (*function.args.args, *function.args.kwonlyargs)} & set(rule.ids)
        if taken:
            source.fail(function, f"{function.name} has a parameter {taken.pop()} already")
        head = re.sub(r"\A(def \w+\(\s*self)(?:,\s*|(?=\)))", rf"\1, {rule.first}: str, ", source.head(function))
        docstring = _with_argument(source, function, source.plain_docstring(function), rule.first, 0)
        if rule.by_name is not None:
            head, count = re.subn(r"(?<=\s)\*,\s*", f"*, {rule.by_name}: str, ", head, count=1)
            if not count:
                source.fail(function, f"{function.name} has no keyword-only parameters")
            docstring = _with_argument(source, function, docstring, rule.by_name, len(function.args.args))
        # The method that returns a listing sends nothing.
        for entry in rule.raises if isinstance(function, ast.AsyncFunctionDef) else ():
            docstring = _with_error(docstring, entry)
        hiding = _hiding(function, rules)
        found.append(_method(function, head, docstring, hiding, f"{maker}.{function.name}({handed_on(function)})"))
    return found


def _released(methods: list[tuple[Source, Function]], rule: Release, rules: Rules) -> list[str]:
    """Return some methods of a class without the parameters whose values are known."""
    found: list[str] = []
    by_name = {function.name: (source, function) for source, function in methods}
    used: set[str] = set()
    for name in rule.methods:
        if name not in by_name:
            raise GeneratorError(f"tools/generator/rules.py:1: {rule.source} has no method {name!r}")
        source, function = by_name[name]
        _check(source, function)
        head, docstring = source.head(function), source.plain_docstring(function)
        taken = {each.arg for each in (*function.args.args, *function.args.kwonlyargs)}
        known = {each: value for each, value in rule.known.items() if each in taken}
        if not known:
            source.fail(function, f"{name} has no parameter whose value is known")
        for parameter in known:
            head, heads = re.subn(rf"\s*\b{parameter}: [^,()]+,", "", head)
            entry = rf"(?m)^ {{12}}{parameter}: .+\n(?: {{16}}.+\n)*"
            docstring, entries = re.subn(entry, "", docstring)
            if (heads, entries) != (1, 1):
                source.fail(function, f"{name} does not declare and document {parameter} once")
        for pattern, replacement in rule.wording:
            docstring, count = re.subn(pattern.replace(" ", r"\s+"), replacement, docstring)
            used |= {pattern} if count else set()
        docstring = _EMPTY.sub("", docstring)
        given = {each: value for each, value in known.items() if value is not None}
        hiding = _hiding(function, rules)
        rest = handed_on(function, given, without=known.keys() - given.keys())
        found.append(_method(function, head, docstring, hiding, f"{rule.source}(self._caller).{name}({rest})"))
    unused = next((pattern for pattern, _ in rule.wording if pattern not in used), None)
    if unused is not None:
        raise GeneratorError(f"tools/generator/rules.py:1: nothing uses the rule {unused!r}; remove it")
    return found


def _hiding(function: Function, rules: Rules) -> str:
    """Return the code that hides the secrets of a method, since its frame is part of an error's traceback."""
    hidden = [each.arg for each in function.args.kwonlyargs if each.arg in rules.secrets]
    return "".join(f"        {name} = hide({name})\n" for name in hidden)


def _check(source: Source, function: Function) -> None:
    if function.decorator_list:
        source.fail(function, f"{function.name} has a decorator, which a generated class does not take over")
    if function.args.kwarg is not None or function.args.vararg is not None:
        source.fail(function, f"{function.name} takes open-ended arguments")
    if function.returns is None:
        source.fail(function, f"{function.name} does not say what it returns")


def _method(function: Function, head: str, docstring: str, before: str, call: str) -> str:
    is_async = isinstance(function, ast.AsyncFunctionDef)
    returns = function.returns
    is_none = isinstance(returns, ast.Constant) and returns.value is None
    line = f"{'' if is_none else 'return '}{'await ' if is_async else ''}{call}"
    return f"    {'async ' if is_async else ''}{head}\n        {docstring}\n{before}        {line}"


def _with_argument(source: Source, function: Function, docstring: str, name: str, place: int) -> str:
    """Return a docstring with an entry for an id.

    Args:
        source: The module.
        function: The function that is documented.
        docstring: Its docstring.
        name: The name of the id.
        place: The number of entries before it.
    """
    before, section, after = _with_arguments(docstring).partition("        Args:\n")
    entries = re.compile(rf"(?:^ {{12}}\w+: .+\n(?:^ {{16}}.+\n)*){{{place}}}", re.MULTILINE).match(after)
    if entries is None:
        source.fail(function, f"{function.name} does not document its first {place} arguments")
    return f"{before}{section}{entries[0]}            {IDS[name]}\n{after[entries.end() :]}"


def _with_arguments(docstring: str) -> str:
    """Return a docstring with an ``Args`` section, which is empty if there was none."""
    if "        Args:\n" in docstring:
        return docstring
    others = re.search(r"(?m)^ {8}(?:Returns|Raises):$", docstring)
    if others is None:
        return docstring.rstrip('" \n') + '\n\n        Args:\n        """'
    return f"{docstring[: others.start()]}        Args:\n\n{docstring[others.start() :]}"


def _with_error(docstring: str, entry: str) -> str:
    """Return a docstring with an entry for an error, unless it has one."""
    before, section, after = docstring.partition("        Raises:\n")
    name = entry.partition(":")[0]
    if not section:
        return docstring.rstrip('" \n') + f'\n\n        Raises:\n            {entry}\n        """'
    if re.search(rf"(?m)^ {{12}}{name}: ", after):
        return docstring
    late = re.search(rf"(?m)^ {{12}}(?:{'|'.join(_LATE)}): ", after)
    place = after.rindex('        """') if late is None else late.start()
    return f"{before}{section}{after[:place]}            {entry}\n{after[place:]}"
