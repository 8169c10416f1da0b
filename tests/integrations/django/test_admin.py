"""Tenants in Django's admin, with Django's own users, permissions and templates."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client, override_settings

from frontegg_async.emulator import EmulatorHandle

pytestmark = pytest.mark.usefixtures("database", "site")

_ROOT = "/admin/frontegg_admin/tenant/"


@pytest.fixture(scope="module")
def database() -> None:
    """Django's own tables, in memory."""
    call_command("migrate", verbosity=0)


@pytest.fixture
def users() -> Iterator[Any]:
    """A maker of clients that are signed in."""
    from django.contrib.auth.models import Permission, User

    def sign_in(name: str, *permissions: str, **more: Any) -> Client:
        user = User.objects.create_user(name, **more)
        user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
        client = Client()
        client.force_login(user)
        return client

    with override_settings(ROOT_URLCONF="tests.integrations.django.admin_site"):
        yield sign_in
    User.objects.all().delete()


@pytest.fixture
def staff(users: Any) -> Client:
    """A member of the staff who may view tenants."""
    client: Client = users("staff", "view_tenant", is_staff=True)
    return client


def _text(response: Any) -> str:
    assert response.status_code == 200, response
    return str(response.content.decode())


def _links(text: str, page: str) -> list[str]:
    return [html.unescape(each) for each in re.findall(rf'href="({_ROOT}[^"]+/{page}/)"', text)]


def test_there_are_permissions_and_no_table() -> None:
    """There are two permissions."""
    from django.contrib.auth.models import Permission

    names = Permission.objects.filter(content_type__app_label="frontegg_admin").values_list("codename", flat=True)
    assert sorted(names) == ["lock_tenant", "view_tenant"]
    assert not [name for name in connection.introspection.table_names() if "frontegg" in name]


def test_the_index_leads_to_the_list(staff: Client) -> None:
    """It offers to view, and neither to add nor to change."""
    index = _text(staff.get("/admin/"))

    assert f'href="{_ROOT}"' in index
    assert f"{_ROOT}add/" not in index


def test_tenants_are_listed_and_found(staff: Client, frontegg_emulator: EmulatorHandle) -> None:
    """By the service's own filter, with one request."""
    listed = _text(staff.get(_ROOT))
    found = _text(staff.get(_ROOT, {"q": "KIO"}))

    assert "North" in listed
    assert "2 tenants" in listed
    assert "Kiosk 7" in found
    assert "North" not in found
    assert "There is no such tenant." in _text(staff.get(_ROOT, {"q": "<b>"}))
    assert [entry.route for entry in frontegg_emulator.journal()].count("tenants.list") == 3


def test_pages(staff: Client, frontegg_emulator: EmulatorHandle) -> None:
    """Each page is one request, and keeps the search."""
    frontegg_emulator.seed(tenants=[{"tenantId": f"t{n:03}", "name": f"Shop & {n:03}"} for n in range(250)])
    first, last = (_text(staff.get(_ROOT, {"q": "shop &", "p": number})) for number in ("1", "3"))

    assert first.count("/change/") == 100
    assert last.count("/change/") == 50
    assert 'href="?p=2&amp;q=shop%20%26"' in first
    assert "Previous page" not in first
    assert "Next page" not in last
    for odd in ("0", "-1", "x", "9" * 30, "²"):
        assert "Page 1," in _text(staff.get(_ROOT, {"p": odd}))


def test_a_tenant(staff: Client, frontegg_emulator: EmulatorHandle) -> None:
    """Its fields and its metadata, escaped; an id may have any letters."""
    odd = "a/b c?_&é"
    metadata = {"plan": "<script>"}
    frontegg_emulator.seed(
        tenants=[{"tenantId": odd, "name": "O<i>dd", "parentTenantId": "north", "metadata": metadata}]
    )
    (address,) = _links(_text(staff.get(_ROOT, {"q": "O<i>dd"})), "change")
    page = _text(staff.get(address))

    assert "O&lt;i&gt;dd" in page
    assert "&lt;script&gt;" in page
    assert _links(page, "change") == [f"{_ROOT}north/change/"]
    (tree,) = _links(page, "tree")
    assert "O&lt;i&gt;dd" in _text(staff.get(tree))


def test_a_tree(staff: Client) -> None:
    """Each level is indented, and each name is a link."""
    page = _text(staff.get(f"{_ROOT}north/tree/"))

    assert f'— <a href="{_ROOT}kiosk/change/">Kiosk 7</a>' in page
    assert ">Kiosk 7</a>" in page
    assert f'<th scope="row"><a href="{_ROOT}north/change/">North</a>' in page


def test_what_is_not_there(staff: Client) -> None:
    """An unknown tenant is 404, and so are the pages that would change something."""
    for path in ("nobody/change/", "nobody/tree/", "add/", "north/delete/", "north/history/"):
        assert staff.get(f"{_ROOT}{path}").status_code == 404


@pytest.mark.parametrize("path", ["", "north/change/", "north/tree/"])
def test_only_staff_with_the_permission(users: Any, frontegg_emulator: EmulatorHandle, path: str) -> None:
    """Others are sent to sign in, or refused; nothing is sent to the service. Superusers only view too."""
    poor = users("poor", is_staff=True)
    outsider = users("outsider", "view_tenant")
    assert poor.get(_ROOT + path).status_code == 403
    for client in (outsider, Client()):
        response = client.get(_ROOT + path)
        assert (response.status_code, urlsplit(response.headers["Location"]).path) == (302, "/admin/login/")
    assert frontegg_emulator.journal() == []

    root = users("root", is_staff=True, is_superuser=True)
    assert root.get(_ROOT + path).status_code == 200
    assert root.get(f"{_ROOT}add/").status_code == 404


def test_a_failure_of_the_service(staff: Client, given: dict[str, Any], frontegg_emulator: EmulatorHandle) -> None:
    """The page says so within the admin, with the trace id."""
    frontegg_emulator.add_fault(stage="accept", action={"type": "status", "status": 500}, match={"path": "/tenants/*"})
    with override_settings(FRONTEGG={**given, "OPTIONS": {"max_retries": 0}}):
        response: Any = staff.get(_ROOT)
    assert response.status_code == 502
    assert "Trace id: " in response.content.decode()


@pytest.fixture
def operator(users: Any) -> Client:
    """A member of the staff who may lock tenants too."""
    client: Client = users("operator", "view_tenant", "lock_tenant", is_staff=True)
    return client


def _is_locked(emulator: EmulatorHandle) -> dict[str, bool]:
    with emulator.client() as client:
        return {each.tenant_id: bool(each.is_locked) for each in client.tenants.list()}


def _forms(text: str) -> dict[str, list[str]]:
    """Return the addresses of the forms that post, each with the ids in it."""
    forms = re.findall(r'<form method="post" action="([^"]+)">(.*?)</form>', text, re.DOTALL)
    return {action: re.findall(r'name="id" value="([^"]+)"', inner) for action, inner in forms if "/tenant/" in action}


def test_tenants_are_locked_after_a_question(operator: Client, frontegg_emulator: EmulatorHandle) -> None:
    """From the list, with a message and an entry among the recent actions; from its page a tenant is unlocked."""
    assert _forms(_text(operator.get(_ROOT))) == {f"{_ROOT}lock/": ["kiosk", "north"]}
    question = _text(operator.post(f"{_ROOT}lock/", {"id": ["kiosk", "north"]}))
    assert "Kiosk 7 (kiosk)" in question
    assert _forms(question) == {f"{_ROOT}lock/": ["kiosk", "north"]}
    assert _is_locked(frontegg_emulator) == {"kiosk": False, "north": False}

    done = _text(operator.post(f"{_ROOT}lock/", {"id": ["kiosk", "north"], "confirmed": "Lock"}, follow=True))
    assert "Locked: kiosk, north" in done
    assert _is_locked(frontegg_emulator) == {"kiosk": True, "north": True}
    assert f'href="{_ROOT}kiosk/change/"' in _text(operator.get("/admin/"))

    assert _forms(_text(operator.get(f"{_ROOT}kiosk/change/"))) == {f"{_ROOT}unlock/": ["kiosk"]}
    done = _text(operator.post(f"{_ROOT}unlock/", {"id": "kiosk", "confirmed": "Unlock"}, follow=True))
    assert "Unlocked: kiosk" in done
    assert _is_locked(frontegg_emulator) == {"kiosk": False, "north": True}


def test_errors_of_actions_are_messages(
    operator: Client, given: dict[str, Any], frontegg_emulator: EmulatorHandle
) -> None:
    """With the trace id, on the list; nothing is sent if no tenant was chosen."""
    assert "Choose at least one tenant." in _text(operator.post(f"{_ROOT}lock/", follow=True))
    assert "There is no such tenant." in _text(operator.post(f"{_ROOT}lock/", {"id": "nobody"}))
    frontegg_emulator.add_fault(stage="accept", action={"type": "status", "status": 500}, match={"path": "*/lock"})
    with override_settings(FRONTEGG={**given, "OPTIONS": {"max_retries": 0}}):
        failed = _text(operator.post(f"{_ROOT}lock/", {"id": "kiosk", "confirmed": "Lock"}, follow=True))
    assert 'class="error"' in failed
    assert "Trace id: " in failed
    assert _is_locked(frontegg_emulator) == {"kiosk": False, "north": False}


def test_only_those_with_the_permission_lock(staff: Client, users: Any, frontegg_emulator: EmulatorHandle) -> None:
    """Others see no buttons; a request of another site, or by GET, is refused."""
    blind = users("blind", "lock_tenant", is_staff=True)
    assert _forms(_text(staff.get(_ROOT))) == _forms(_text(staff.get(f"{_ROOT}kiosk/change/"))) == {}
    frontegg_emulator.clear_journal()
    confirmed = {"id": "kiosk", "confirmed": "Lock"}
    assert [each.post(f"{_ROOT}lock/", confirmed).status_code for each in (staff, blind)] == [403, 403]
    root = users("root", is_staff=True, is_superuser=True)
    assert root.get(f"{_ROOT}lock/").status_code == 405
    root.handler.enforce_csrf_checks = True
    assert root.post(f"{_ROOT}lock/", confirmed).status_code == 403
    assert frontegg_emulator.journal() == []
