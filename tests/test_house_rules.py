"""The rules of the house, held against the source: documentation, signatures, operations with methods, dependencies."""

from __future__ import annotations

import ast
import gc
import importlib
import inspect
import json
import re
import subprocess
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Final, cast

import attrs
import pytest

from frontegg_async import models, resources
from frontegg_async.catalogue.lookups import all_methods
from frontegg_async.catalogue.types import Client
from frontegg_async.endpoints import Auth, Endpoint, Evidence, all_endpoints
from tests.support.every import every

pytestmark = pytest.mark.one_python

_ROOT: Final = Path(__file__).parent.parent
_PACKAGES: Final = ("frontegg_async", "frontegg_sync")

_Function = ast.FunctionDef | ast.AsyncFunctionDef
_Documented = ast.Module | ast.ClassDef | _Function

_NO_METHOD: Final = {
    "groups.list_v1": "AsyncGroups.create looks for a group with it, and AsyncGroups.list reads the second version",
    "me.change_password": "AsyncOwnProfile.change_password calls it with a user's credential",
    "me.switch_tenant": "AsyncOwnTenants.switch calls it with a user's credential, and AsyncUsers.switch_tenant",
    "me.tenants": "AsyncOwnTenants.list calls it with a user's credential, and send() with an environment's",
    "identity.configuration": "it serves the verification of tokens and is called with send()",
    "roles.list_v1": "AsyncRoles.ids_of calls it, and AsyncRoles.list reads the second version",
    "security.lockout.create": "AsyncSecurityLockout.set calls it for a tenant without a policy",
    "security.password_history.create": "AsyncSecurityPasswordHistory.set calls it for a tenant without a policy",
    "sso.create_v1": "AsyncOwnSso.create calls it with a user's credential",
    "sso.update_v1": "AsyncOwnSso.update calls it with a user's credential",
    "users.get_in_tenant": "AsyncUsers.get calls it when a tenant is given",
    "users.remove": "AsyncUsers.remove_from_tenant and delete_everywhere call it: the header makes the difference",
    "users.resend_all_invitations": "AsyncUsers.resend_invitation calls it when asked for sub-accounts",
}
"""Operations of the environment credential that no resource has as a method, with the reason."""

_SHARED: Final = (
    "Every method takes ``options`` (`Options`) and can raise the common errors that `FronteggError` lists."
)
_REPEATED: Final = re.compile(
    r"^    (?:options|InvalidArgumentError: An argument is not allowed(?:; nothing was sent)?\.$"
    r"|PermissionDeniedError: The credential may not do this\.$|FronteggError: Any other failure of the call\.$)",
    re.MULTILINE,
)
"""Entries of a docstring that repeat what all methods share."""

_OPEN_ENDED: Final = frozenset(
    (
        "frontegg_async/_core/runtime/worker_threads.py.DaemonExecutor.submit",
        "frontegg_async/_core/runtime/worker_threads.py.run_in_thread",
        "frontegg_async/_core/runtime/worker_threads.py.run_to_end_in_thread",
        "frontegg_sync/integrations/django/checks.py.check_deployment",
        "frontegg_sync/integrations/django/checks.py.check_guards",
        "frontegg_sync/integrations/django/checks.py.check_settings",
        "frontegg_sync/integrations/django/management/commands/frontegg_tenants.py.Command.handle",
        "frontegg_sync/integrations/django/management/commands/frontegg_tree.py.Command.handle",
    )
)
"""What takes keywords that are not its own: a framework calls it so, or it passes them on."""

_EVIDENCE: Final = {
    Evidence.DOCUMENTED: "documented",
    Evidence.LIVE: "observed",
    Evidence.CLIENT: "used by other clients",
    Evidence.ASSUMED: "assumed",
}
"""How a docstring says how an operation is known."""


@attrs.frozen
class _Definition:
    """A public module, class or function, and where it is."""

    place: str
    node: _Documented

    def __str__(self) -> str:
        return self.place


def _is_public(name: str) -> bool:
    return not name.startswith("_")


def _definitions(node: ast.Module | ast.ClassDef, place: str) -> Iterator[_Definition]:
    yield _Definition(place, node)
    for child in node.body:
        if isinstance(child, ast.ClassDef) and _is_public(child.name):
            yield from _definitions(child, f"{place}.{child.name}")
        elif isinstance(child, _Function) and _is_public(child.name) and not _is_overload(child):
            yield _Definition(f"{place}.{child.name}", child)


def _is_overload(function: _Function) -> bool:
    return "overload" in {ast.unparse(decorator) for decorator in function.decorator_list}


@cache
def _sources() -> tuple[tuple[str, ast.Module], ...]:
    paths = (path for package in _PACKAGES for path in sorted((_ROOT / package).rglob("*.py")))
    return tuple((str(path.relative_to(_ROOT)), ast.parse(path.read_text(encoding="utf-8"))) for path in paths)


@cache
def _all_definitions() -> tuple[_Definition, ...]:
    return tuple(each for place, tree in _sources() for each in _definitions(tree, place))


def _functions() -> list[tuple[str, _Function]]:
    return [(each.place, each.node) for each in _all_definitions() if isinstance(each.node, _Function)]


_ENVIRONMENT: Final = tuple(
    endpoint
    for endpoint in all_endpoints()
    if endpoint.client and endpoint.auth & (Auth.ENVIRONMENT | Auth.TENANT) and endpoint.name not in _NO_METHOD
)


def _annotations(function: _Function) -> Iterator[ast.expr]:
    arguments = function.args
    for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg):
        if argument is not None and argument.annotation is not None:
            yield argument.annotation
    if function.returns is not None:
        yield function.returns


def _names(expression: ast.expr) -> set[str]:
    """The names in an annotation, also in one that is a string."""
    return set(re.findall(r"\w+", ast.unparse(expression)))


def _public_fields() -> Iterator[tuple[str, ast.expr]]:
    for each in _all_definitions():
        for node in each.node.body if isinstance(each.node, ast.ClassDef) else ():
            if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and _is_public(node.target.id):
                yield f"{each.place}.{node.target.id}", node.annotation


@pytest.fixture(scope="module", autouse=True)
def _only_here() -> Iterator[None]:
    """Keep the trees while these tests run: garbage collection would search them, here and in all later tests."""
    gc.disable()
    yield
    for cached in (_sources, _all_definitions):
        cached.cache_clear()
    gc.enable()


def test_the_source_is_seen() -> None:
    """What the other tests go by: there are public classes, functions and methods."""
    places = {each.place for each in _all_definitions()}

    assert "frontegg_async/_values/base_errors.py.FronteggError.message" in places
    assert "frontegg_async/resources/tenants.py.AsyncTenants.create" in places


def test_a_class_of_one_tenant_is_known_by_its_name_and_place() -> None:
    """``AsyncTenantX`` and ``AsyncOwnX`` are in the rooms of the resources; those beside are the environment's."""
    found = [
        each.place
        for each in _all_definitions()
        if isinstance(each.node, ast.ClassDef) and re.match(r"frontegg_a?sync/resources/[^/]+\.py", each.place)
        if re.match(r"(?:Async)?(?:Tenant|Own)(?=[A-Z])", each.node.name)
    ]

    assert found == []


def test_everything_public_has_a_docstring() -> None:
    """Modules, classes, functions and methods say what they are."""
    assert [str(each) for each in _all_definitions() if not ast.get_docstring(each.node)] == []


@pytest.mark.slow
def test_no_public_signature_has_any() -> None:
    """What a caller gives and gets has a type."""
    assert [place for place, node in _functions() for hint in _annotations(node) if "Any" in _names(hint)] == []


@pytest.mark.slow
def test_no_public_field_has_any() -> None:
    """What a caller reads of a value has a type."""
    assert [place for place, annotation in _public_fields() if "Any" in _names(annotation)] == []


def test_every_public_signature_is_whole() -> None:
    """Every parameter has a type, and nothing takes whatever keyword it is given."""
    open_ended = [place for place, node in _functions() if node.args.kwarg is not None and place not in _OPEN_ENDED]
    untyped = [
        f"{place}({argument.arg})"
        for place, node in _functions()
        for argument in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)
        if argument.annotation is None and argument.arg not in {"self", "cls"}
    ]

    assert (open_ended, untyped) == ([], [])


@pytest.mark.slow
def test_objects_do_not_make_attributes_up() -> None:
    """`__getattr__` is for lazy modules only, and nothing acts when an object is collected."""
    magic = [
        f"{place}.{node.name}.{member.name}"
        for place, tree in _sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
        for member in node.body
        if isinstance(member, _Function) and member.name in {"__getattr__", "__getattribute__", "__del__"}
    ]

    assert magic == []


def test_one_thing_has_one_name_in_models_and_methods() -> None:
    """The end of something, the ids of applications, and what is on or off; numbers are integers where they count."""
    kinds = [kind for name in models.__all__ if isinstance(kind := getattr(models, name), type) and attrs.has(kind)]
    fields = {(field.name, str(field.type)) for kind in kinds for field in attrs.fields(kind)}
    clients: tuple[Client, ...] = ("environment", "user")
    taken = {each.name for client in clients for method in all_methods(client) for each in method.parameters}
    former = {"active", "application_id", "application_ids", "created_from", "created_to", "expires", "ids"}
    assert not former & {*dict(fields), *taken}
    assert {name for name, hint in fields if "datetime" in hint and "expir" in name} == {"expires_at"}
    assert {name for name, hint in fields if hint.startswith("int | float")} == {"annual_revenue", "total_funding"}


def test_nothing_is_left_for_later() -> None:
    """No note says that something is still to be done."""
    note = re.compile(r"\b(TODO|FIXME|XXX)\b")
    paths = [path for package in _PACKAGES for path in (_ROOT / package).rglob("*.py")]

    assert [str(path) for path in paths if note.search(path.read_text(encoding="utf-8"))] == []


def test_no_lock_file_records_addresses() -> None:
    """Packages come from the registry of the machine."""
    (lock,) = (_ROOT / "tests").rglob("package-lock.json")
    packages = json.loads(lock.read_text(encoding="utf-8"))["packages"]
    assert len(packages) > 1
    assert not [name for name, package in packages.items() if "resolved" in package]


@pytest.mark.skipif(not (_ROOT / ".git").exists(), reason="this is no checkout")
def test_no_empty_file_is_committed() -> None:
    """A slip of the shell makes one."""
    tracked = subprocess.run(("git", "ls-files", "-z"), cwd=_ROOT, capture_output=True, text=True, check=True).stdout
    files = [_ROOT / name for name in tracked.split("\0") if name]
    empty = {file.name for file in files if file.is_file() and not file.stat().st_size}
    assert empty <= {"__init__.py", "__init__.pyi", "py.typed"}


def test_every_ignore_has_a_code_and_a_reason() -> None:
    """A check is switched off for one rule at a time, and the line says why."""
    ignore = re.compile(r"#\s*(?:noqa|type:\s*ignore|pyright:\s*ignore|pragma:\s*no cover).*")
    good = re.compile(r"# noqa: [A-Z]+[0-9]+(?:, [A-Z]+[0-9]+)* - .+|# (?:type|pyright): ignore\[[A-Za-z-, ]+\]  # .+")
    found = [
        (str(path), match.group())
        for package in _PACKAGES
        for path in (_ROOT / package).rglob("*.py")
        for match in ignore.finditer(path.read_text(encoding="utf-8"))
    ]

    assert [each for each in found if not good.fullmatch(each[1])] == []


def _method(endpoint: Endpoint[object]) -> Callable[..., object]:
    resource, _, verb = endpoint.name.rpartition(".")
    name = "Async" + "".join(word.capitalize() for word in re.split("[._]", resource))
    return cast("Callable[..., object]", getattr(getattr(resources, name), verb))


def _id(endpoint: Endpoint[object]) -> str:
    return endpoint.name


@every(_ENVIRONMENT, _id)
def test_every_operation_is_a_method(endpoint: Endpoint[object]) -> None:
    """`tenants.create` is `AsyncTenants.create` and the client has it as `tenants`; `a.b.get` is `AsyncAB.get`."""
    client = importlib.import_module("frontegg_async.client").AsyncFrontegg

    assert callable(_method(endpoint))
    assert endpoint.name.partition(".")[0] in {*dir(client), *inspect.get_annotations(client)}


@every(_ENVIRONMENT, _id)
def test_every_method_says_which_operation_it_is(endpoint: Endpoint[object]) -> None:
    """The docstring has method, path and evidence, as people look them up in the reference."""
    path = re.sub(r"_([a-z])", lambda match: match.group(1).upper(), endpoint.path)

    assert f"``{endpoint.method} {path}`` ({_EVIDENCE[endpoint.evidence]})" in (inspect.getdoc(_method(endpoint)) or "")


@every(_ENVIRONMENT, _id)
def test_every_method_documents_what_it_returns(endpoint: Endpoint[object]) -> None:
    """Returns is there when something is returned."""
    method = _method(endpoint)
    text = inspect.getdoc(method) or ""

    assert ("Returns:\n" in text) == (inspect.signature(method).return_annotation != "None")


@every([getattr(resources, name) for name in resources.__all__])
def test_what_all_methods_share_is_documented_once(owner: type) -> None:
    """The class documents ``options`` and the common errors; each method documents its other parameters in order."""
    methods = [method for name, method in inspect.getmembers(owner, inspect.isfunction) if not name.startswith("_")]

    assert not methods or _SHARED in (inspect.getdoc(owner) or "")
    for method in methods:
        text = inspect.getdoc(method) or ""
        parameters = inspect.signature(method).parameters
        documented = re.findall(r"^    (\w+): ", text.partition("Args:\n")[2].partition("\n\n")[0], re.MULTILINE)
        assert "options" in parameters
        assert documented == [name for name in parameters if name not in {"self", "options"}]
        assert not _REPEATED.search(text)


def test_what_has_no_method_exists() -> None:
    """The table of reasons names operations that are declared for the client."""
    assert set(_NO_METHOD) <= {endpoint.name for endpoint in all_endpoints() if endpoint.client}
