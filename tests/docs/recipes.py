"""Call the apps that pages and examples define as callers of another tenant, and find what they show of others.

Usage: ``python -m tests.docs.recipes [--full] PATH...``, each the path of a page, of the ``app.py`` of an example, or
of the ``manage.py`` of a Django project. Each runs in a process of its own, as Django's settings are those of a
process. It prints a line of JSON for each.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import importlib
import inspect
import json
import os
import re
import sys
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any, Final, TypeAlias

import attrs
import httpx
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from fastapi import FastAPI, routing

from frontegg_async import AsyncEntitlements, AsyncFrontegg, AsyncTokenVerifier
from frontegg_async.emulator import Emulator, EmulatorHandle
from frontegg_async.integrations import aiohttp as aiohttp_integration
from frontegg_async.integrations import fastapi as fastapi_integration
from tests.docs.markdown import PAGES, ROOT, Session, check, is_test, snippets

NAME: Final = "Zanzibar Trading"
"""A part of the names of the accounts that callers must not see."""

OTHERS: Final = ("zanzibar", "zanzibar-docks", "zanzibar-spice")
"""Their ids; the first is the parent of the second."""

OWN: Final = "mallory-inc"
OPERATORS: Final = "our-company"

_MAKES_AN_APP: Final = re.compile(r"\bFastAPI\(|\bweb\.Application\(|^urlpatterns\b", re.MULTILINE)
_NAMES: Final = re.compile(r"""["']([A-Z]\w{2,30}|[\w-]{1,30}(?:\.[\w*-]{1,30}){1,4})["']""")
"""Texts in code that may be names of roles or of permissions."""
_PARAMETER: Final = re.compile(r"\{(\w+)[^}]*\}|<(?:\w+:)?(\w+)>|\(\?P<(\w+)>[^)]*\)")
_CLIENTS: Final = ("FRONTEGG_BASE_URL", "FRONTEGG_CLIENT_ID", "FRONTEGG_SECRET_KEY")

Ask: TypeAlias = Callable[[str, str, Mapping[str, str]], Awaitable[tuple[int, str]]]
"""Sends a request by its method, path and headers; returns the status and the text of the response."""


@attrs.frozen
class Served:
    """An app that is served: its routes, each with a method, and how it is asked."""

    routes: tuple[tuple[str, str], ...]
    ask: Ask


@attrs.define
class Report:
    """What the apps of a page answered."""

    apps: int = 0
    requests: int = 0
    answered: int = 0
    """Responses to callers of other tenants with a status of success."""
    seen_by_operators: int = 0
    """Responses that show the accounts to callers for whom they are: without any, nothing was looked at."""
    leaks: list[str] = attrs.field(factory=list[str])


def makes_an_app(source: str) -> bool:
    """Return whether Python code makes an app of a web framework."""
    return _MAKES_AN_APP.search(source) is not None


def find_paths() -> list[Path]:
    """Return the pages and the examples that make an app of a web framework."""
    pages = [page for page in PAGES if makes_an_app(_source(page))]
    examples = ROOT / "examples"
    return [*pages, *sorted(examples.glob("*/app.py")), *sorted(examples.glob("*/manage.py"))]


def _source(page: Path) -> str:
    return "\n".join(block.text for block, _ in snippets(page))


def attack(names: Mapping[str, object], source: str, server: EmulatorHandle, *, full: bool = False) -> Report:
    """Call the apps among names as callers of another tenant.

    Args:
        names: What a page or an example defines: apps, functions that return one, ``urlpatterns``.
        source: The code that defined it, whose texts name the roles and the permissions that it asks for.
        server: An emulator, in which this makes an environment.
        full: Whether each credential is also used without the roles, and with each of them alone.
    """
    emulator = server.create_environment()
    report = Report()
    with pytest.MonkeyPatch.context() as patch:
        for name, value in zip(_CLIENTS, (emulator.url, emulator.client_id, emulator.secret), strict=True):
            patch.setenv(name, value)
        patch.setenv("ADMIN_PASSWORD", "a password that no caller has")
        _seed(emulator)
        callers = _callers(emulator, source, full=full)
        asyncio.run(_attack_all(_apps(names, emulator, patch), callers, emulator, report))
    return report


def _seed(emulator: EmulatorHandle) -> None:
    parents = {OTHERS[1]: OTHERS[0], f"{OWN}-shop": OWN}
    emulator.seed(
        tenants=[
            {
                "tenantId": each,
                "name": f"{NAME} {number}" if each in OTHERS else each.title(),
                "isReseller": each in parents.values(),
                **({"parentTenantId": parents[each]} if each in parents else {}),
            }
            for number, each in enumerate((*OTHERS, OWN, f"{OWN}-shop", OPERATORS))
        ],
        users=[
            {"id": f"user-{each}", "email": f"user@{each}.example", "tenantId": each}
            for each in (OTHERS[0], OWN, OPERATORS)
        ],
    )
    # Routes that need a feature of a plan are attacked too.
    tables = {
        "features": [{"id": "f1", "key": "reports"}],
        "plans": [{"id": "p1", "name": "Pro", "featureIds": ["f1"]}],
        "planAssignments": [{"id": "a1", "planId": "p1", "tenantId": OWN}],
    }
    emulator.seed({"tables": tables})


def _others(emulator: EmulatorHandle) -> list[object]:
    """Return the state of the accounts that callers must not change, with the accounts below them."""
    with emulator.client() as frontegg:
        found = [each for each in frontegg.tenants.list() if each.tenant_id in OTHERS]
        return [*found, *(node.tenant_id for node in frontegg.hierarchy.tree(OTHERS[0]))]


def _callers(emulator: EmulatorHandle, source: str, *, full: bool) -> dict[str, dict[str, str]]:
    """Return the headers of callers: those of another tenant have every role and permission that the code names."""
    named = tuple(dict.fromkeys(_NAMES.findall(source)))[:80]
    held = {"all": [*named, "*"]}
    if full:
        held |= {"none": [], **{each: [each] for each in named[:16]}}
    callers: dict[str, dict[str, str]] = {"nobody": {}}
    for kind, names in held.items():
        given: dict[str, Any] = {"tenant_id": OWN, "roles": names, "permissions": names}
        bearer = emulator.user_token(user_id=f"user-{OWN}", **given).access_token
        callers[f"a bearer token with {kind}"] = {"Authorization": f"Bearer {bearer}"}
        callers[f"an access token with {kind}"] = {"x-api-key": emulator.access_token(**given).secret}
        if full:
            key = emulator.access_token(user_id=f"user-{OWN}", **given).secret
            callers[f"an access token of a user with {kind}"] = {"x-api-key": key}
    operator = emulator.user_token(tenant_id=OPERATORS, roles=held["all"], permissions=held["all"]).access_token
    callers[OPERATORS] = {"Authorization": f"Bearer {operator}"}
    return callers


async def _attack_all(
    apps: Iterable[object], callers: dict[str, dict[str, str]], emulator: EmulatorHandle, report: Report
) -> None:
    operator = callers.pop(OPERATORS)
    for app in apps:
        report.apps += 1
        before = await asyncio.to_thread(_others, emulator)
        async with _serve(app, emulator) as served:
            for method, route in served.routes:
                for target in (OTHERS[0], OWN) if _PARAMETER.search(route) else ("",):
                    await _attack_route(served, method, _PARAMETER.sub(target, route), callers, report)
            if await asyncio.to_thread(_others, emulator) != before:
                report.leaks.append(f"an account of another tenant was changed by one of {served.routes}")
            for method, route in served.routes:
                if method == "GET":
                    _, text = await served.ask(method, _PARAMETER.sub(OPERATORS, route), operator)
                    report.seen_by_operators += NAME in text


async def _attack_route(
    served: Served, method: str, path: str, callers: Mapping[str, Mapping[str, str]], report: Report
) -> None:
    # Any response may contain the id in the request.
    hidden = re.compile("|".join((NAME, *OTHERS[1:])))
    for caller, headers in callers.items():
        status, text = await served.ask(method, path, headers)
        found = hidden.search(text)
        report.requests += 1
        report.answered += status < 300
        if found is not None:
            report.leaks.append(f"{method} {path} shows {found[0]!r} to {caller}")


def _apps(names: Mapping[str, object], emulator: EmulatorHandle, patch: pytest.MonkeyPatch) -> Iterator[object]:
    """Yield the apps among names, those that functions among them return, and Django's ``urlpatterns``."""
    known: dict[str, Any] = {
        "admin_password": "a password that no caller has",
        "client": lambda: AsyncFrontegg(emulator.client_id, emulator.secret, base_url=emulator.url),
        "context": _context(emulator),
        "frontegg_emulator": emulator,
        "monkeypatch": patch,
        "verifier": _verifier(emulator),
    }
    for name, found in names.items():
        value = getattr(found, "__wrapped__", found)  # of a fixture
        is_new = isinstance(value, web.Application) and not value.frozen
        if isinstance(value, FastAPI) or is_new or name == "urlpatterns":
            yield _with_clients(value, emulator)
        elif inspect.isfunction(value) and _returns_an_app(value):
            given = {each: known[each] for each in inspect.signature(value).parameters if each in known}
            app = value(**given)
            # If the function takes the client, keep the lifespan of the app, which may open other objects.
            yield app if "client" in given else _with_clients(app, emulator)


def _with_clients(app: object, emulator: EmulatorHandle) -> object:
    """Return an app; one of FastAPI with the clients of the emulator in place of its own."""
    if isinstance(app, FastAPI):
        app.router.lifespan_context = fastapi_integration.frontegg_lifespan(
            client=lambda: AsyncFrontegg(emulator.client_id, emulator.secret, base_url=emulator.url),
            verifier=_verifier(emulator),
            entitlements=AsyncEntitlements,
        )
    return app


def _returns_an_app(function: Callable[..., object]) -> bool:
    kind = inspect.signature(function).return_annotation
    return kind in (FastAPI, web.Application, "FastAPI", "web.Application")


def _verifier(emulator: EmulatorHandle) -> Callable[[AsyncFrontegg], AsyncTokenVerifier]:
    return lambda _: AsyncTokenVerifier(issuer=emulator.url, audience=emulator.client_id)


def _context(emulator: EmulatorHandle) -> Callable[[web.Application], AsyncIterator[None]]:
    return aiohttp_integration.frontegg_context(
        client=lambda: AsyncFrontegg(emulator.client_id, emulator.secret, base_url=emulator.url),
        verifier=_verifier(emulator),
        entitlements=AsyncEntitlements,
    )


def _serve(app: object, emulator: EmulatorHandle) -> contextlib.AbstractAsyncContextManager[Served]:
    if isinstance(app, FastAPI):
        return _serve_fastapi(app)
    if isinstance(app, web.Application):
        return _serve_aiohttp(app)
    return _serve_django(app, emulator)


_QUERY: Final = f"?name=Mallory&tenant_id={OTHERS[0]}&tenantId={OTHERS[0]}&account={OTHERS[0]}&id={OTHERS[0]}"
_BODY: Final = {"name": "Mallory", "company": "Mallory", "email": "m@mallory.example"}


@contextlib.asynccontextmanager
async def _serve_fastapi(app: FastAPI) -> AsyncIterator[Served]:
    app.dependency_overrides.clear()
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://test") as client,
    ):

        async def ask(method: str, path: str, headers: Mapping[str, str]) -> tuple[int, str]:
            response = await client.request(method, path + _QUERY, headers=headers, json=_BODY)
            return response.status_code, response.text

        yield Served(tuple(_routes_of_fastapi(app.routes, "")), ask)


def _routes_of_fastapi(routes: Iterable[Any], prefix: str) -> Iterator[tuple[str, str]]:
    expand: Any = getattr(routing, "iter_route_contexts", list)
    for route in expand(routes):
        path = f"{prefix}{getattr(route, 'path', '')}"
        yield from ((method, path) for method in getattr(route, "methods", None) or ())
        yield from _routes_of_fastapi(getattr(route, "routes", None) or (), path)


@contextlib.asynccontextmanager
async def _serve_aiohttp(app: web.Application) -> AsyncIterator[Served]:
    async with TestClient(TestServer(app)) as client:

        async def ask(method: str, path: str, headers: Mapping[str, str]) -> tuple[int, str]:
            async with client.request(method, path + _QUERY, headers=headers, json=_BODY) as response:
                return response.status, await response.text()

        routes = [(each.method, each.resource) for each in app.router.routes()]
        yield Served(tuple((method, each.canonical) for method, each in routes if each is not None), ask)


@contextlib.asynccontextmanager
async def _serve_django(urlpatterns: Any, emulator: EmulatorHandle) -> AsyncIterator[Served]:
    # A process without Django has no settings, so it is imported here.
    from django.conf import settings
    from django.test import AsyncClient, override_settings

    given = {"CLIENT_ID": emulator.client_id, "SECRET": emulator.secret, "BASE_URL": emulator.url}
    client = AsyncClient(raise_request_exception=False)
    if not getattr(settings, "FRONTEGG", {}).get("CLIENT_ID"):
        raise AssertionError("the site has no setting FRONTEGG")

    async def ask(method: str, path: str, headers: Mapping[str, str]) -> tuple[int, str]:
        response: Any = await client.generic(
            method, path + _QUERY, json.dumps(_BODY), content_type="application/json", headers=dict(headers)
        )
        return response.status_code, response.content.decode()

    with override_settings(FRONTEGG={**settings.FRONTEGG, **given, "ISSUER": emulator.url}):
        yield Served(tuple(_routes_of_django(urlpatterns, "/")), ask)


def _routes_of_django(patterns: Iterable[Any], prefix: str) -> Iterator[tuple[str, str]]:
    for each in patterns:
        path = f"{prefix}{each.pattern}".replace("^", "").replace("$", "")
        inner = getattr(each, "url_patterns", None)
        if inner is not None:
            yield from _routes_of_django(inner, path)
            continue
        kind = getattr(each.callback, "view_class", None)
        methods = [name for name in ("get", "post", "put", "patch", "delete") if hasattr(kind, name)]
        yield from ((method.upper(), path) for method in methods or ("get", "post"))


def _attack_page(page: Path, server: EmulatorHandle, *, full: bool) -> Report:
    """Run a page against an environment of its own, and attack what it has defined."""
    environment = server.create_environment()
    # Run the page as the main module, like a program.
    module = sys.modules["__main__"] = ModuleType("__main__")
    with pytest.MonkeyPatch.context() as patch:
        for name, value in zip(_CLIENTS, (environment.url, environment.client_id, environment.secret), strict=True):
            patch.setenv(name, value)
        check(page, vars(module))
        return attack_names(page, vars(module), server, full=full)


def attack_names(page: Path, names: dict[str, object], server: EmulatorHandle, *, full: bool = False) -> Report:
    """Attack the apps of a page that has run, also those of its tests.

    Args:
        page: The page.
        names: What its snippets have defined.
        server: An emulator.
        full: Whether each role is used alone too.

    Raises:
        AssertionError: The page makes an app that was not found.
    """
    with Session(page, names) as session:
        for block, _ in snippets(page):
            if is_test(block) and makes_an_app(block.text):
                session.run(block)  # which defines the fixture that returns the app
    source = _source(page)
    report = attack(names, source, server, full=full)
    if makes_an_app(source) and not report.apps:
        raise AssertionError(f"{page.name} makes an app that is not found: define it, or a function that returns it")
    return report


def _attack_example(path: Path, server: EmulatorHandle, *, full: bool) -> Report:
    sys.path.insert(0, str(path.parents[1] if path.name == "app.py" else path.parent))
    source = "\n".join(each.read_text(encoding="utf-8") for each in sorted(path.parent.rglob("*.py")))
    if path.name == "app.py":
        names = vars(importlib.import_module(f"{path.parent.name}.app"))
        return attack(names, source, server, full=full)
    os.environ["DJANGO_SETTINGS_MODULE"] = next(path.parent.glob("*/settings.py")).parent.name + ".settings"
    os.environ["FRONTEGG_CLIENT_ID"] = "given below"
    import django
    from django.urls import get_resolver

    django.setup()
    return attack({"urlpatterns": get_resolver().url_patterns}, source, server, full=full)


def _attack_path(path: Path, *, full: bool) -> Report:
    with Emulator() as server:
        if path.suffix == ".md":
            return _attack_page(path, server, full=full)
        return _attack_example(path, server, full=full)


def _wait_for_ended_threads() -> None:
    """Wait until the kernel has ended the threads that Python has joined: one may hold OpenSSL's lock while it ends.

    A child that is forked then would inherit the lock, and wait for it for good.
    """
    tasks = Path("/proc/self/task")
    while tasks.exists() and {int(each.name) for each in tasks.iterdir()} - {
        each.native_id for each in threading.enumerate()
    }:
        os.sched_yield()


def main() -> None:
    """Attack what the command names, each in a child of this process, which has imported what all of them need."""
    parser = argparse.ArgumentParser(prog="python -m tests.docs.recipes", description=__doc__)
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    parser.add_argument("--full", action="store_true", help="use each role alone too")
    options = parser.parse_args()
    importlib.import_module("django.test")
    with Emulator() as warm, warm.client() as frontegg:
        frontegg.check()  # loads what is loaded late
    failed = False
    for path in options.paths:
        _wait_for_ended_threads()
        child = os.fork()
        if child == 0:
            report = _attack_path(path.resolve(), full=options.full)
            line = json.dumps({"path": str(path.resolve().relative_to(ROOT)), **attrs.asdict(report)})
            sys.stdout.write(f"{line}\n")
            return
        failed |= os.waitpid(child, 0)[1] != 0
    sys.exit(failed)


if __name__ == "__main__":
    main()
