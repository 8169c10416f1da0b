"""Pages at the addresses that pages had before they were sorted into folders: each leads to where its text is now."""

from __future__ import annotations

import json
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from sphinx.application import Sphinx

_SAME_NAME: Final = {
    "guide": (
        "getting_started everyday_tasks tenants hierarchy users roles sso security_policies tokens self_service audits"
        " webhooks pages errors reliability bulk command_line"
    ),
    "howto": "onboarding exports running fleets telemetry testing emulator moving mistakes",
    "integrations": "fastapi aiohttp django verification notebooks",
    "reference": (
        "options operations own_operations conformance upgrading command_line_reference changelog security"
    ),
}
"""Pages that kept their name, by the folder in which they are."""

_MERGED: Final = {
    "access_tokens": "guide/tokens#access-tokens",
    "access_tokens#of-a-tenant": "guide/tokens#access-tokens",
    "access_tokens#of-a-user": "guide/tokens#access-tokens",
    "access_tokens#roles-and-permissions-of-a-token": "guide/tokens#roles-and-permissions-of-an-access-token",
    "account_settings": "guide/tenants#account-settings",
    "account_settings#blocking": "guide/tenants#account-settings",
    "account_settings#self-service": "guide/tenants#account-settings-of-a-users-own-tenant",
    "api_tokens": "guide/tokens#api-tokens",
    "api_tokens#of-a-tenant": "guide/tokens#api-tokens-of-a-tenant",
    "api_tokens#of-a-user": "guide/tokens#api-tokens-of-a-user",
    "api_tokens#using-one": "guide/tokens#use-an-api-token",
    "applications": "guide/roles#applications",
    "django_admin": "integrations/django#admin",
    "django_admin#switch-it-on": "integrations/django#admin",
    "django_admin#who-may-see-it": "integrations/django#admin",
    "django_rest_framework": "integrations/django#django-rest-framework",
    "django_rest_framework#settings": "integrations/django#django-rest-framework",
    "emulator#admin-api": "reference/emulator_admin_api",
    "emulator#each-action": "howto/faults#each-action",
    "emulator#each-stage": "howto/faults#each-stage",
    "emulator#faults": "howto/faults",
    "emulator#how-true-it-is": "reference/emulator_fidelity",
    "emulator#signing-in": "reference/emulator_fidelity#signing-in",
    "emulator#some-of-many": "howto/faults#faults-for-some-requests",
    "emulator#sso": "reference/emulator_fidelity#sso",
    "emulator#unusual-responses": "reference/emulator_fidelity#unusual-responses",
    "emulator#webhooks": "reference/emulator_fidelity#webhooks",
    "groups": "guide/roles#groups",
    "invitations": "guide/users#invitation-links",
    "jwt_templates": "guide/tokens#jwt-templates",
    "migrations": "howto/onboarding#move-tenants-into-an-environment",
    "migrations#blocking": "howto/onboarding#wait-for-a-migration-without-asyncio",
    "migrations#in-the-emulator": "howto/onboarding#migrations-in-the-emulator",
    "neighbouring_operations": "reference/own_operations#neighbouring-operations",
    "neighbouring_operations#for-example-the-tenants-of-a-user": "reference/own_operations#with-the-header-of-a-user",
    "performance": "howto/running#performance",
    "platforms": "reference/upgrading#platforms",
    "regions": "howto/environments#regions",
    "scim": "guide/sso#scim",
    "scim#create": "guide/sso#connect-an-identity-provider",
    "sub_tenants": "guide/hierarchy#create-and-change-sub-accounts",
    "user_sources": "guide/sso#user-sources",
    "values": "guide/pages#values",
    "values#secrets": "guide/pages#secrets-in-values",
    "webhook_management": "guide/webhooks#manage-webhooks",
    "webhook_management#change-list-and-delete": "guide/webhooks#change-and-list",
    "webhook_management#prehooks": "guide/webhooks#manage-prehooks",
}
"""What became a part of another page, and headings that have another name now."""

MOVED: Final = {
    name: f"{folder}/{name}"
    for folder, names in _SAME_NAME.items()
    for name in names.split()
} | _MERGED
"""The former pages, and those of their headings whose name changed, with the page and the heading of today."""

_PAGE: Final = """\
<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Moved</title>
<link rel="icon" href="data:,">
<meta name="robots" content="noindex">
<script>
const headings = {headings};
const heading = location.hash.slice(1);
location.replace(headings[heading] || (heading ? {page} + location.hash : {target}));
</script>
<noscript><meta http-equiv="refresh" content="0; url={link}"></noscript>
<p>This page is now <a href="{link}">here</a>.
"""


def setup(app: Sphinx) -> dict[str, bool]:
    """Write the pages after those of the site."""
    app.connect("build-finished", _write)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _write(app: Sphinx, exception: Exception | None) -> None:
    if exception is None and app.builder.format == "html":
        for name in sorted({name.partition("#")[0] for name in MOVED}):
            (Path(app.outdir) / f"{name}.html").write_text(
                _page(name), encoding="utf-8"
            )


def _page(name: str) -> str:
    target = _address(MOVED[name])
    headings = {
        old.partition("#")[2]: _address(new)
        for old, new in MOVED.items()
        if old.startswith(f"{name}#")
    }
    return _PAGE.format(
        headings=json.dumps(headings),
        page=json.dumps(target.partition("#")[0]),
        target=json.dumps(target),
        link=escape(target),
    )


def _address(place: str) -> str:
    page, mark, heading = place.partition("#")
    return f"{page}.html{mark}{heading}"
