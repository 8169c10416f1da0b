"""The URLs of the site."""

from __future__ import annotations

from customers import views
from django.urls import path

urlpatterns = [
    path("", views.listing, name="listing"),
    path("new/", views.create, name="create"),
    path("customers/<str:tenant_id>/", views.show, name="show"),
    path("api/me/", views.api_me, name="api-me"),
    path("api/customers/", views.api_customers, name="api-customers"),
    path("api/features/", views.api_features, name="api-features"),
    path("api/report/", views.api_report, name="api-report"),
]
