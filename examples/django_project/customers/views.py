"""The pages, which are for operators, and the API, which is for customers.

Plain views use the blocking client, and ``async`` views use the asynchronous client.
"""

from __future__ import annotations

import asyncio

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from customers.forms import CustomerForm
from customers.operators import operators
from customers.trees import rows
from frontegg_sync import BadRequestError, ConflictError, NotFoundError, OnboardingError
from frontegg_sync.integrations.django import (
    aget_caller,
    get_async_client,
    get_caller,
    get_client,
    get_entitlements,
    require,
)
from frontegg_sync.models import TenantSort

SHOWN = 50
REPORTS = "reports"
"""The feature that reports need."""


@operators
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Show the first customers whose name or id contains a text. This view sends one request to Frontegg."""
    text = request.GET.get("q", "").strip()
    found = get_client().tenants.list(filter=text or None, sort_by=TenantSort.NAME, page_size=SHOWN, prefetch=0)
    page = found.first_page()
    return render(request, "customers/listing.html", {"page": page, "text": text})


@operators
@require_safe
async def show(request: HttpRequest, tenant_id: str) -> HttpResponse:
    """Show a customer, its parents and its sub-accounts. This view sends three requests to Frontegg in parallel."""
    frontegg = get_async_client()
    try:
        tenant, parents, tree = await asyncio.gather(
            frontegg.tenants.get(tenant_id),
            frontegg.hierarchy.list_parents(tenant_id),
            frontegg.hierarchy.tree(tenant_id),
        )
    except NotFoundError:
        raise Http404 from None
    above = sorted(parents, key=lambda parent: -(parent.level or 0))
    context = {"tenant": tenant, "above": above, "rows": list(rows(tree)), "below": len(tree) - 1}
    return render(request, "customers/show.html", context)


@operators
def create(request: HttpRequest) -> HttpResponse:
    """Show the form for a new customer, or create the customer and invite its owner."""
    form = CustomerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = get_client().onboard(
                tenant_id=str(given["tenant_id"]),
                name=str(given["name"]),
                owner_email=str(given["owner"]),
                metadata={"plan": str(given["plan"])},
                parent_tenant_id=str(given["parent"]) or None,
            )
        except (NotFoundError, BadRequestError) as error:
            if not given["parent"] or error.endpoint != "tenants.create":
                raise  # for example a role that the environment lacks: the user of the form cannot correct this
            is_missing = isinstance(error, NotFoundError)
            wrong = (
                "There is no customer with this id." if is_missing else "This customer may not have others below it."
            )
            form.add_error("parent", wrong)
        except ConflictError:
            form.add_error(None, "This customer exists already: open the form again.")
        except OnboardingError:
            form.add_error(None, "Only a part was done: send the form again to go on.")
        else:
            messages.success(request, f"{given['name']} was created.")
            return redirect("show", made.tenant_id)
    return render(request, "customers/create.html", {"form": form}, status=422 if form.errors else 200)


@require()
def api_me(request: HttpRequest) -> JsonResponse:
    """Return the claims of the caller's token. This view sends no request to Frontegg."""
    claims = get_caller(request).claims
    return JsonResponse({"user": claims.subject, "tenant": claims.tenant_id, "permissions": list(claims.permissions)})


@require(permission="customers.read")
async def api_customers(request: HttpRequest) -> JsonResponse:
    """Return the sub-accounts of the caller's tenant, read with the caller's token."""
    tree = await (await aget_caller(request)).client().hierarchy.tree()
    return JsonResponse({"customers": [{"id": node.tenant_id, "name": node.tenant_name} for node in tree][1:]})


@require()
def api_features(request: HttpRequest) -> JsonResponse:
    """Return whether the plan of the caller's tenant includes reports. This view sends no request to Frontegg."""
    decision = get_entitlements().decide(get_caller(request).claims, feature=REPORTS)
    return JsonResponse({REPORTS: {"included": decision.is_entitled, "reason": decision.reason}})


@require(permission="customers.read", feature=REPORTS)
async def api_report(request: HttpRequest) -> JsonResponse:
    """Return the number of sub-accounts of the caller's tenant, if its plan includes reports."""
    tree = await (await aget_caller(request)).client().hierarchy.tree()
    return JsonResponse({"sub-accounts": len(tree) - 1})
