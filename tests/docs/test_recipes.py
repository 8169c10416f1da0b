"""What is looked for in the recipes of the pages is found: each fault that showed the accounts of other tenants."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from frontegg_async.emulator import EmulatorHandle
from tests.docs.recipes import attack_names, find_paths

pytestmark = pytest.mark.one_python

_HEAD = """\
    # A page

    ```python
    from typing import Annotated

    from aiohttp import web
    from fastapi import Depends, FastAPI

    from frontegg_async.integrations import aiohttp
    from frontegg_async.integrations.fastapi import CurrentClaims, FronteggDep, FronteggUserDep, require
    from frontegg_async.models import Claims
    ```

    ```python
"""
_FASTAPI = """\
    app = FastAPI()


    @app.get({route})
    async def show(frontegg: FronteggDep{more}) -> object:
"""
_BY_ID = "        return (await frontegg.tenants.get(tenant_id)).name\n"
_AIOHTTP = """\
    async def show(request: web.Request) -> web.Response:
        frontegg = request.config_dict[aiohttp.FRONTEGG]
        return web.json_response([tenant.name async for tenant in frontegg.tenants.list()])


    def make(context) -> web.Application:
        app = web.Application(middlewares=[aiohttp.verified_users()])
        app.cleanup_ctx.append(context)
        app.router.add_get("/all", {guard}(show))
        return app
"""
_LEAKS = {
    "no guard": _FASTAPI.format(route='"/t/{tenant_id}"', more=", tenant_id: str") + _BY_ID,
    "a token": _FASTAPI.format(route='"/t/{tenant_id}"', more=", user: CurrentClaims, tenant_id: str") + _BY_ID,
    "a role": _FASTAPI.format(
        route='"/t/{tenant_id}", dependencies=[Depends(require(role="Support"))]', more=", tenant_id: str"
    )
    + _BY_ID,
    "an id of the query": _FASTAPI.format(route='"/t"', more=", user: CurrentClaims, tenant_id: str") + _BY_ID,
    "a change": _FASTAPI.format(route='"/t/{tenant_id}"', more=", tenant_id: str")
    + '        await frontegg.tenants.update(tenant_id, name="Mine")\n        return "done"\n',
    "an app of aiohttp": _AIOHTTP.format(guard="aiohttp.require(role='Owner', permission='a.b')"),
}
_GOOD = {
    "own tenant": _FASTAPI.format(
        route='"/t/{tenant_id}", dependencies=[Depends(require(own_tenant="tenant_id"))]', more=", tenant_id: str"
    )
    + _BY_ID,
    "operators": _AIOHTTP.format(guard="aiohttp.require(role='Owner', in_tenant='our-company')"),
}


def _attack(tmp_path: Path, server: EmulatorHandle, code: str) -> list[str]:
    page = tmp_path / "page.md"
    text = dedent(f"{_HEAD}{code}    ```\n")
    page.write_text(text, encoding="utf-8")
    names: dict[str, object] = {"__name__": "__main__"}
    for block in text.split("```python\n")[1:]:
        exec(block.partition("```")[0], names)
    return attack_names(page, names, server).leaks


@pytest.mark.parametrize("code", _LEAKS.values(), ids=_LEAKS)
def test_a_recipe_that_shows_other_tenants_is_found(
    code: str, tmp_path: Path, frontegg_emulator_server: EmulatorHandle
) -> None:
    assert _attack(tmp_path, frontegg_emulator_server, code)


@pytest.mark.parametrize("code", _GOOD.values(), ids=_GOOD)
def test_a_recipe_that_asks_for_a_tenant_passes(
    code: str, tmp_path: Path, frontegg_emulator_server: EmulatorHandle
) -> None:
    assert _attack(tmp_path, frontegg_emulator_server, code) == []


def test_an_app_that_is_not_found_is_an_error(tmp_path: Path, frontegg_emulator_server: EmulatorHandle) -> None:
    code = "    def make():\n        return FastAPI()\n"
    with pytest.raises(AssertionError, match="makes an app that is not found"):
        _attack(tmp_path, frontegg_emulator_server, code)


def test_pages_and_examples_are_found_by_what_they_make() -> None:
    """No list names them."""
    names = {"/".join(path.parts[-2:]) for path in find_paths()}
    assert {
        "integrations/fastapi.md",
        "integrations/django.md",
        "howto/testing.md",
        "django_project/manage.py",
    } <= names
    assert "guide/tenants.md" not in names
