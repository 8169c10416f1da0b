"""The blocking package beside the awaited one: the same names, parameters, defaults, annotations and documentation."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
import types
import typing
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Final, cast

import attrs
import pytest

import frontegg_async.bulk
import frontegg_async.plans
import frontegg_sync.bulk
from frontegg_async import resources
from frontegg_async._core.runtime.lazy_resources import LazyResource
from frontegg_async._values import wrong_statements
from tests.support.every import every

_METHODS: Final = {"aclose": "close", "__aenter__": "__enter__", "__aexit__": "__exit__", "__aiter__": "__iter__"}
"""Methods that are called otherwise when nothing is awaited."""

_ONLY_SYNC: Final = {"Runner": "the loop's thread, which only those need who do not have a loop"}

_RESOURCE: Final = (LazyResource, types.MemberDescriptorType)
"""Attributes that are resources."""

_MODULES: Final = (
    "audit_streams",
    "bulk.jobs",
    "client",
    "pages",
    "progress",
    "user_migration",
    "tenant_view",
    "user",
    "verification.access_token_verifier",
    "verification.token_verifier",
)
"""Where twins are, beside the resources."""

_RUNNER: Final = ("Frontegg", "Frontegg.from_env", "FronteggUser", "TokenVerifier")
"""What makes a client; it has one parameter more, the runner."""

_ITERATIONS: Final = {
    "AsyncAuditExport.__aiter__": "Iterator",
    "AsyncAuditTail.__aiter__": "Iterator",
    "AsyncMigrationProgress.__aiter__": "Iterator",
    "AsyncPages.__aiter__": "Iterator",
    "AsyncUserMigration.__aiter__": "Iterator",
    "AsyncPages.pages": "Generator",
}
"""What is iterated without awaiting, and what it gives; the items are the same."""


@attrs.frozen
class _Member:
    """A method or property, of a class and of its twin."""

    name: str
    awaited: object
    blocking: object

    def __str__(self) -> str:
        return self.name


_STATEMENTS: Final = wrong_statements.__name__
"""The bases that refuse the statements of the other package."""


def _has_twin(name: str) -> bool:
    return name.startswith("Async")


def _modules() -> Iterator[str]:
    yield from (f"frontegg_async.{name}" for name in _MODULES)
    yield from (module.name for module in pkgutil.walk_packages(resources.__path__, "frontegg_async.resources."))


def _twins() -> Iterator[tuple[type, type]]:
    for name in _modules():
        for each in vars(importlib.import_module(name)).values():
            if inspect.isclass(each) and each.__module__ == name and _has_twin(each.__name__):
                twin = importlib.import_module(name.replace("frontegg_async", "frontegg_sync"))
                yield each, cast("type", getattr(twin, each.__name__.removeprefix("Async")))


_TWINS: Final = tuple(_twins())


def _public(owner: type) -> dict[str, object]:
    magic = {"__aenter__", "__aexit__", "__aiter__", "__enter__", "__exit__", "__iter__", "__repr__"}
    found: dict[str, object] = {}
    for each in reversed(owner.__mro__[:-1]):
        if each.__module__ == _STATEMENTS:
            continue
        found |= {name: member for name, member in vars(each).items() if not name.startswith("_") or name in magic}
    return found


def _members() -> Iterator[_Member]:
    for awaited, blocking in _TWINS:
        for name, member in _public(awaited).items():
            if not isinstance(member, _RESOURCE):
                twin = inspect.getattr_static(blocking, _METHODS.get(name, name), None)
                yield _Member(f"{awaited.__name__}.{name}", member, twin)
    clients = (pair for pair in _TWINS if hasattr(pair[0], "aclose"))
    yield from (_Member(awaited.__name__, awaited.__init__, blocking.__init__) for awaited, blocking in clients)  # type: ignore[misc]  # of these classes


_MEMBERS: Final = tuple(_members())
_each_member = every(_MEMBERS)


def _function(member: object) -> Callable[..., object]:
    if isinstance(member, property):
        member = member.fget
    elif isinstance(member, classmethod):
        member = member.__func__
    assert inspect.isfunction(member)
    return member


def _twin_name(name: str) -> str:
    return ".".join(_METHODS.get(part, part).removeprefix("Async") for part in name.split("."))


def _parameters(member: object, *, blocking: str = "") -> list[tuple[str, object, object]]:
    parameters = inspect.signature(_function(member)).parameters.values()
    shown = [(each.name, each.kind, each.default) for each in parameters]
    if blocking in _RUNNER:
        assert shown.pop() == ("runner", inspect.Parameter.KEYWORD_ONLY, None)
    return shown


_LAZY: Final = {
    name: getattr(package, name)
    for package, names in (
        (frontegg_async.bulk, ("AsyncBulk", "BulkProgress", "BulkReport")),
        (frontegg_async, ("AsyncFronteggUser", "Differences", "Export", "Offboarding", "Onboarding")),
        (frontegg_async, ("RateGate", "RequestSnapshot", "ResponseSnapshot", "TokenStore")),
        (frontegg_async, ("Plan",)),
        (frontegg_async.models, ("ExportKindLiteral", "IncludeLiteral")),
        (frontegg_async.plans, ("AccountsSource",)),
        (frontegg_sync.bulk, ("Bulk",)),
        (frontegg_sync, ("FronteggUser", "TenantView")),
    )
    for name in names
}
"""What a client imports when it is asked for."""


def _hints(member: object) -> dict[str, str]:
    """Return what the annotations are at run time, with twins under one name."""
    found = typing.get_type_hints(_function(member), localns=_LAZY)
    return {name: _one_name(hint if isinstance(hint, str) else repr(hint)) for name, hint in found.items()}


def _one_name(hint: str) -> str:
    for awaited, blocking in _TWINS:
        hint = hint.replace(f"{blocking.__module__}.{blocking.__name__}", f"{awaited.__module__}.{awaited.__name__}")
    return hint


def _documentation(member: object) -> str:
    return inspect.cleandoc(_function(member).__doc__ or "")


def _sections(documentation: str) -> dict[str, list[str]]:
    """Return the headlines of a docstring: its first line, and the entries of each section."""
    found: dict[str, list[str]] = {"": documentation.split("\n")[:1]}
    section = ""
    for line in documentation.split("\n"):
        if re.fullmatch(r"(Args|Returns|Raises|Yields):", line):
            section = line
            found[section] = []
        elif section and re.match(r" {4}\w+: ", line):
            found[section].append(line.strip().partition(":")[0])
        elif not line.startswith(" ") and line:
            section = ""
    return found


def test_every_class_has_a_twin() -> None:
    """Clients, resources and listings are seen, under the names that they are exported by."""
    names = {(awaited.__name__, blocking.__name__) for awaited, blocking in _TWINS}

    assert {("AsyncFrontegg", "Frontegg"), ("AsyncPages", "Pages"), ("AsyncTenants", "Tenants")} <= names


@pytest.mark.parametrize("namespace", ["", ".bulk", ".errors", ".models", ".resources", ".webhooks"])
def test_the_packages_export_the_same(namespace: str) -> None:
    """The twins under their own names, everything else as the same objects."""
    awaited = importlib.import_module(f"frontegg_async{namespace}")
    blocking = importlib.import_module(f"frontegg_sync{namespace}")
    renamed = {name.removeprefix("Async"): name for name in awaited.__all__}

    assert set(blocking.__all__) == {*renamed, *(() if namespace else _ONLY_SYNC)}
    assert len(blocking.__all__) == len(set(blocking.__all__))
    for name, original in renamed.items():
        if name == original:
            assert getattr(blocking, name) is getattr(awaited, original)


@pytest.mark.parametrize(
    "package",
    [frontegg_async, frontegg_async.bulk, frontegg_sync, frontegg_sync.bulk],
    ids=lambda package: package.__name__,
)
def test_each_exported_name_is_loaded_when_it_is_looked_up(package: ModuleType) -> None:
    """The table of a front has every name that it exports, and each is where the table says."""
    lazy = package._LAZY

    assert set(lazy) == set(package.__all__)
    for name, module in lazy.items():
        assert getattr(package, name) is getattr(importlib.import_module(module), name)


def test_an_unknown_name_is_an_attribute_error() -> None:
    """The package answers for its own names only."""
    assert not hasattr(frontegg_sync, "AsyncFrontegg")
    assert set(frontegg_sync.__all__) <= set(dir(frontegg_sync))


@pytest.mark.parametrize(("awaited", "blocking"), _TWINS, ids=[awaited.__name__ for awaited, _ in _TWINS])
def test_a_twin_has_the_same_members(awaited: type, blocking: type) -> None:
    """None is missing, and none is there that those who await do not have."""
    names = {_METHODS.get(name, name) for name in _public(awaited)}

    assert set(_public(blocking)) == names
    assert _annotated(awaited) == _annotated(blocking)


def _annotated(owner: type) -> set[str]:
    return {name for each in owner.__mro__[:-1] for name in inspect.get_annotations(each) if name[0] != "_"}


def _bases(owner: type) -> set[str]:
    """Return the names of the base classes of ours, those that refuse the statements of the other package excepted."""
    names = (each for each in owner.__mro__[1:] if each.__module__ != _STATEMENTS)
    return {each.__name__.removeprefix("Async") for each in names if each.__module__.startswith("frontegg_")}


@pytest.mark.parametrize(("awaited", "blocking"), _TWINS, ids=[awaited.__name__ for awaited, _ in _TWINS])
def test_a_twin_has_the_same_bases(awaited: type, blocking: type) -> None:
    """So `isinstance` says the same in both packages, and a base of a twin is no class of the other package."""
    assert _bases(blocking) == _bases(awaited)
    modules = {each.__module__.partition(".")[0] for each in blocking.__mro__ if each.__module__ != _STATEMENTS}
    assert "frontegg_async" not in modules


@_each_member
def test_a_member_is_of_the_same_kind(member: _Member) -> None:
    """A property, a class method, a function; and nothing is left to be awaited."""
    assert type(member.awaited) is type(member.blocking)
    assert not inspect.iscoroutinefunction(_function(member.blocking))
    assert not inspect.isasyncgenfunction(_function(member.blocking))


@_each_member
def test_a_member_takes_the_same_parameters(member: _Member) -> None:
    """The same names, kinds and defaults in the same order."""
    assert _parameters(member.awaited) == _parameters(member.blocking, blocking=_twin_name(member.name))


@_each_member
def test_a_member_has_the_same_annotations(member: _Member) -> None:
    """They are the same types; a client that is given or returned is of the same package."""
    awaited, blocking = _hints(member.awaited), _hints(member.blocking)
    if _twin_name(member.name) in _RUNNER:
        assert "Runner" in blocking.pop("runner")
    if member.name in _ITERATIONS:
        kind = _ITERATIONS[member.name]
        assert re.fullmatch(rf"collections\.abc\.{kind}\[.*\]", blocking["return"])
        items = re.compile(r"Page\[~T\]|~T|\w+\.(?:Audit|MigratedUser|Migration)\b|\bstr\b")
        assert items.findall(blocking.pop("return"))[0] == items.findall(awaited.pop("return"))[0]

    assert awaited == blocking


@_each_member
def test_a_member_is_documented_alike(member: _Member) -> None:
    """The same headline, parameters and errors, without a word of awaiting."""
    awaited, blocking = _documentation(member.awaited), _documentation(member.blocking)
    expected, found = _sections(awaited), _sections(blocking)
    if _twin_name(member.name) in _RUNNER and "Args:" in found:
        assert found["Args:"].pop() == "runner"

    assert [re.sub(r"\bAsync(?=[A-Z])", "", line) for line in expected.pop("")] == found.pop("")
    assert expected == found
    assert "async" not in blocking.lower()
    assert "await" not in blocking.lower()


@pytest.mark.parametrize(("awaited", "blocking"), _TWINS, ids=[awaited.__name__ for awaited, _ in _TWINS])
def test_a_class_is_documented_alike(awaited: type, blocking: type) -> None:
    """The same headline, and the parameters of clients."""
    expected, found = (_sections(inspect.cleandoc(each.__doc__ or "")) for each in (awaited, blocking))

    assert [re.sub(r"\bAsync(?=[A-Z])", "", line) for line in expected[""]] == found[""]
    if hasattr(awaited, "aclose"):
        runner = ["runner"] if blocking.__name__ in _RUNNER else []
        assert [*expected["Args:"], *runner] == found["Args:"]
        assert expected["Raises:"] == found["Raises:"]
    assert "async" not in (blocking.__doc__ or "").lower()
