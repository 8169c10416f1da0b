"""Plain and async views for the tests."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.urls import path
from django.views import View

from frontegg_sync.integrations.django import aget_caller, get_async_client, get_caller, get_client, require


def plain_who(request: HttpRequest) -> JsonResponse:
    caller = get_caller(request)
    return JsonResponse({"who": caller.claims.subject if caller.is_authenticated else None})


async def async_who(request: HttpRequest) -> JsonResponse:
    caller = await request.afrontegg()
    return JsonResponse({"who": caller.claims.subject if caller.is_authenticated else None})


async def hasty_who(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"who": request.frontegg.is_authenticated})


def plain_claims(request: HttpRequest) -> JsonResponse:
    caller = get_caller(request)
    return JsonResponse({"who": caller.claims.subject, "user": caller.user_id, "of": caller.tenant_id})


def plain_tenant(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"of": get_caller(request).tenant_id})


def plain_show(_: HttpRequest, tenant_id: str) -> JsonResponse:
    return JsonResponse({"name": get_client().tenants.get(tenant_id).name})


async def async_show(_: HttpRequest, tenant_id: str) -> JsonResponse:
    return JsonResponse({"name": (await get_async_client().tenants.get(tenant_id)).name})


@require(permission="accounts.read", role="Admin")
def plain_read(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"below": [each.name for each in get_caller(request).client().tenants.list()]})


@require(permission="accounts.read", role="Admin")
async def async_read(request: HttpRequest) -> JsonResponse:
    return JsonResponse(
        {"below": [each.name for each in await (await aget_caller(request)).client().tenants.list().all()]}
    )


@require(permission=["accounts.read", "accounts.burn.all", "billing"])
def plain_burn(_: HttpRequest) -> JsonResponse:
    return JsonResponse({})


@require(permission="billing")
async def async_burn(_: HttpRequest) -> JsonResponse:
    return JsonResponse({})


class AsyncReading(View):
    async def get(self, request: HttpRequest, tenant_id: str) -> JsonResponse:
        return JsonResponse({"who": request.frontegg.claims.subject, "asked": tenant_id})


def broken(_: HttpRequest) -> JsonResponse:
    raise KeyError("of this site")


urlpatterns = [
    path("plain/who", plain_who),
    path("async/who", async_who),
    path("hasty/who", hasty_who),
    path("plain/claims", plain_claims),
    path("plain/tenant", plain_tenant),
    path("plain/show/<str:tenant_id>", plain_show),
    path("async/show/<str:tenant_id>", async_show),
    path("plain/read", plain_read),
    path("async/read", async_read),
    path("plain/burn", plain_burn),
    path("async/burn", async_burn),
    path("class/read/<str:tenant_id>", require()(AsyncReading.as_view())),
    path("broken", broken),
]
