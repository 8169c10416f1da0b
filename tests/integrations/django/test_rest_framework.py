"""The part of the page on Django that is about Django REST framework, served by gunicorn."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from frontegg_async.emulator import EmulatorHandle
from tests.docs.markdown import ROOT, snippets
from tests.integrations.django.servers import served

pytestmark = pytest.mark.slow

_PAGE = ROOT / "docs" / "integrations" / "django.md"
_APPLICATION = "from django.core.wsgi import get_wsgi_application\n\napplication = get_wsgi_application()\n"


def test_the_site_of_the_page(frontegg_emulator: EmulatorHandle, tmp_path: Path) -> None:
    """Pages link to each other, and each refusal has its status, its challenge and its reason as JSON."""
    frontegg_emulator.seed(
        tenants=[{"tenantId": each, "name": each.title()} for each in (*(f"shop-{n}" for n in range(5)), "our-company")]
    )
    ann, poor, sam = (
        frontegg_emulator.user_token(tenant_id=of, permissions=granted, roles=["Support"]).access_token
        for of, granted in (("shop-0", ["accounts.*"]), ("shop-0", []), ("our-company", []))
    )
    text = _PAGE.read_text(encoding="utf-8")
    start, end = (text[: text.index(f"\n## {each}\n")].count("\n") for each in ("Django REST framework", "Tests"))
    shown = [(block, printed) for block, printed in snippets(_PAGE) if "Emulator()" not in block.text]
    settings = [block.text for block, _ in shown[:2]]
    parts = [block.text for block, printed in shown if start < block.line < end and printed is None]
    page = "\n".join((*settings, "urlpatterns = []", *parts, _APPLICATION))
    (tmp_path / "page.py").write_text(page, encoding="utf-8")

    options = (
        "--bind=fd://FD",
        f"--pythonpath={tmp_path}",
        "--preload",
        "--worker-class=gthread",
        "--log-level=warning",
    )
    with served(frontegg_emulator, "gunicorn", "page:application", *options) as site:
        first = site.get("/tenants/?search=shop&page_size=3", sam)
        following = json.loads(first.text)["next"].removeprefix(site.url)
        last = json.loads(site.get(following, sam).text)
        assert json.loads(site.get("/tenants/shop-0/", ann).text)["name"] == "Shop-0"
        assert (last["count"], [each["tenant_id"] for each in last["results"]]) == (5, ["shop-3", "shop-4"])
        assert last["next"] is None
        for path, token, status, challenge in (
            ("/tenants/", None, 401, "Bearer"),
            ("/tenants/", "nonsense", 401, 'Bearer error="invalid_token"'),
            ("/tenants/", ann, 403, None),
            ("/tenants/shop-0/", poor, 403, None),
            ("/tenants/shop-3/", ann, 404, None),
            ("/tenants/shop-3/", sam, 404, None),
            ("/tenants/?page=2", sam, 404, None),
            ("/tenants/?page=x", sam, 404, None),
        ):
            response = site.get(path, token)
            assert (response.status, response.headers.get("WWW-Authenticate")) == (status, challenge)
            assert json.loads(response.text)["detail"]

    assert site.written == ""
