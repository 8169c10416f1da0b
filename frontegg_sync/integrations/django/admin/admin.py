"""`TenantAdmin`: pages for the list of tenants, a tenant and its tree, and actions to lock and unlock tenants."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Final, cast

import attrs
from django.contrib import admin, messages
from django.contrib.admin.utils import quote, unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST

from frontegg_async.endpoints.tenants import LIST
from frontegg_async.errors import FronteggError, InvalidArgumentError, NotFoundError
from frontegg_async.integrations.problems import log_problem, problem_of
from frontegg_async.models.tenants import Tenant as FoundTenant
from frontegg_sync.client import Frontegg
from frontegg_sync.integrations.django.admin.models import Tenant
from frontegg_sync.integrations.django.clients import get_client

PAGE: Final = 100
"""The number of tenants on a page of the list."""

MOST_NODES: Final = 2000
"""The maximum number of tenants on the page of a tree."""

_FIELDS: Final = tuple(each.name for each in attrs.fields(FoundTenant) if each.name not in {"metadata", "extra"})
_Context = dict[str, object]
_LOCK: Final = "frontegg_admin.lock_tenant"


@attrs.frozen
class _Action:
    """An action on the chosen tenants."""

    verb: str
    done: str
    name: str
    """The suffix of the name of the action's URL."""
    effect: str
    call: Callable[[Frontegg, Sequence[str]], None]


_LOCKING: Final = _Action(
    "Lock", "Locked", "lock", "Their users can no longer sign in.", lambda client, ids: client.tenants.lock(ids)
)
_UNLOCKING: Final = _Action(
    "Unlock", "Unlocked", "unlock", "Their users can sign in again.", lambda client, ids: client.tenants.unlock(ids)
)

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User

    _TenantAdmin = admin.ModelAdmin[Tenant]
else:  # Django's class has no parameter at run time
    _TenantAdmin = admin.ModelAdmin


class TenantAdmin(_TenantAdmin):
    """The admin of tenants, for staff with the permission ``frontegg_admin.view_tenant``.

    Staff with the permission ``frontegg_admin.lock_tenant`` can also lock and unlock tenants. The admin has no other
    changes.
    """

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Return false: the admin adds no tenants."""
        del request
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Return false: the admin changes no tenants."""
        del request, obj
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Return false: the admin deletes no tenants."""
        del request, obj
        return False

    def has_lock_permission(self, request: HttpRequest) -> bool:
        """Return whether the user may lock and unlock tenants.

        Args:
            request: The request.
        """
        user = cast("User | AnonymousUser", request.user)
        return self.has_view_permission(request) and user.has_perm(_LOCK)

    def get_urls(self) -> list[URLPattern]:
        """Return the URLs of the three pages and the two actions."""
        view, name = self.admin_site.admin_view, "frontegg_admin_tenant"
        return [
            path("", view(self._list), name=f"{name}_changelist"),
            path("lock/", view(require_POST(partial(self._act, _LOCKING))), name=f"{name}_lock"),
            path("unlock/", view(require_POST(partial(self._act, _UNLOCKING))), name=f"{name}_unlock"),
            path("<path:object_id>/tree/", view(self._tree), name=f"{name}_tree"),
            path("<path:object_id>/change/", view(self._detail), name=f"{name}_change"),
        ]

    def _list(self, request: HttpRequest) -> HttpResponse:
        text, number = request.GET.get("q", "").strip(), _number(request.GET.get("p", "1"))

        def read() -> _Context:
            query = {"_limit": str(PAGE), "_offset": str(number - 1), "_sortBy": "name"} | (
                {"_filter": text} if text else {}
            )
            page = get_client().send(LIST, query=query).value
            last = 1 if page.total is None else max(1, -(-page.total // PAGE))
            following = number + 1 if (page.total is None and len(page.items) == PAGE) or number < last else None
            rows = [(quote(each.tenant_id), each) for each in page.items]
            numbers = {"number": number, "previous": number - 1, "following": following, "total": page.total}
            may_lock = self.has_lock_permission(request)
            return {"title": "Tenants", "text": text, "rows": rows, "may_lock": may_lock, **numbers}

        return self._page(request, "list", read)

    def _detail(self, request: HttpRequest, object_id: str) -> HttpResponse:
        tenant_id = unquote(object_id)

        def read() -> _Context:
            tenant = get_client().tenants.get(tenant_id)
            fields = [(name.replace("_", " "), _shown(getattr(tenant, name))) for name in _FIELDS]
            parents = sorted(get_client().hierarchy.list_parents(tenant_id), key=lambda parent: -(parent.level or 0))
            above = [(quote(each.tenant_id), each.tenant_name or each.tenant_id) for each in parents]
            metadata = json.dumps(tenant.metadata, ensure_ascii=False, indent=2)
            shown = [each for each in fields if each[1] is not None]
            found = {"fields": shown, "metadata": metadata, "id": object_id, "above": above, "tenant": tenant}
            return {"title": tenant.name, "may_lock": self.has_lock_permission(request), **found}

        return self._page(request, "detail", read)

    def _tree(self, request: HttpRequest, object_id: str) -> HttpResponse:
        tenant_id = unquote(object_id)

        def read() -> _Context:
            tree = get_client().hierarchy.tree(tenant_id)
            entries = [entry for entry, _ in zip(tree.walk(), range(MOST_NODES), strict=False)]
            rows = [(quote(each.node.tenant_id), each.node, "— " * each.depth) for each in entries]
            title = f"{tree.root.tenant_name or tree.root.tenant_id} and its sub-accounts"
            return {"title": title, "rows": rows, "id": object_id, "left_out": len(tree) - len(rows)}

        return self._page(request, "tree", read)

    def _act(self, action: _Action, request: HttpRequest) -> HttpResponse:
        """Ask whether to lock or unlock tenants. After the confirmation, change the tenants and show the outcome.

        Raises:
            PermissionDenied: The user may not lock tenants.
        """
        if not self.has_lock_permission(request):
            raise PermissionDenied
        ids = request.POST.getlist("id")
        back = redirect("admin:frontegg_admin_tenant_changelist")
        if not ids:
            self.message_user(request, "Choose at least one tenant.", messages.WARNING)
            return back
        if "confirmed" not in request.POST:

            def read() -> _Context:
                rows = get_client().tenants.list(tenant_ids=ids).all()
                return {"title": f"{action.verb} tenants?", "rows": rows, "action": action}

            return self._page(request, "confirm", read)
        try:
            action.call(get_client(), ids)
        except FronteggError as error:
            problem = problem_of(error)
            log_problem(error, problem)
            trace = "" if error.trace_id is None else f" Trace id: {error.trace_id}"
            self.message_user(request, f"{problem.detail}{trace}", messages.ERROR)
            return back
        for each in ids:
            self.log_change(request, Tenant(tenant_id=each), action.done)
        self.message_user(request, f"{action.done}: {', '.join(ids)}", messages.SUCCESS)
        return back

    def _page(self, request: HttpRequest, name: str, read: Callable[[], _Context]) -> HttpResponse:
        """Render a page. If the service fails, the page shows the problem, and has the status of the problem.

        Raises:
            PermissionDenied: The user may not view tenants.
            Http404: The tenant does not exist.
        """
        if not self.has_view_permission(request):
            raise PermissionDenied
        status = 200
        try:
            context = read()
        except (NotFoundError, InvalidArgumentError):
            raise Http404 from None
        except FronteggError as error:
            problem = problem_of(error)
            log_problem(error, problem)
            name, status, context = "problem", problem.status, {"title": "Tenants", "trace_id": error.trace_id}
        whole = {**self.admin_site.each_context(request), "opts": self.model._meta, **context}  # noqa: SLF001 - public in Django
        return render(request, f"frontegg/admin/{name}.html", whole, status=status)


admin.site.register(Tenant, TenantAdmin)


def _shown(value: object) -> object:
    return value.isoformat(sep=" ", timespec="seconds") if isinstance(value, datetime) else value


def _number(text: str) -> int:
    """Return the number of a page from an address; 1 without a valid number."""
    return int(text) if re.fullmatch("[1-9][0-9]{0,8}", text) else 1
