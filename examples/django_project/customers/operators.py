"""The sign-in of operators: only our own staff may see the pages, since they show all customers."""

from __future__ import annotations

import base64
import binascii
import functools
import secrets
from collections.abc import Awaitable, Callable
from typing import TypeVar, cast

from asgiref.sync import iscoroutinefunction
from django.conf import settings
from django.http import HttpRequest, HttpResponse

View = TypeVar("View", bound=Callable[..., object])


def operators(view: View) -> View:
    """Protect a view with the user name ``admin`` and the password of the setting ``ADMIN_PASSWORD``."""

    async def respond_async(request: HttpRequest, *args: object, **kwargs: object) -> object:
        return await cast("Awaitable[object]", view(request, *args, **kwargs)) if _is_operator(request) else _refusal()

    def respond(request: HttpRequest, *args: object, **kwargs: object) -> object:
        return view(request, *args, **kwargs) if _is_operator(request) else _refusal()

    return cast("View", functools.wraps(view)(respond_async if iscoroutinefunction(view) else respond))


def _is_operator(request: HttpRequest) -> bool:
    kind, _, given = request.headers.get("Authorization", "").partition(" ")
    try:
        found = base64.b64decode(given, validate=True)
    except (ValueError, binascii.Error):
        return False
    password = str(settings.ADMIN_PASSWORD)
    return bool(password) and kind.lower() == "basic" and secrets.compare_digest(found, f"admin:{password}".encode())


def _refusal() -> HttpResponse:
    headers = {"WWW-Authenticate": 'Basic realm="Customers"', "Cache-Control": "no-store"}
    return HttpResponse("Sign in as an operator.", status=401, content_type="text/plain", headers=headers)
