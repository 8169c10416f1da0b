"""Run a command of the site: ``python examples/django_project/manage.py runserver``; then open http://127.0.0.1:8000/.

While the command runs, an emulator with 1,200 accounts runs too, unless ``FRONTEGG_BASE_URL``,
``FRONTEGG_CLIENT_ID`` and ``FRONTEGG_SECRET_KEY`` name an environment. Other commands: ``test``,
``frontegg_tenants --filter bakery``, ``frontegg_tree ID``, ``check --deploy``.
"""

from __future__ import annotations

import json
import os
import secrets
import signal
import sys
import urllib.request
from pathlib import Path
from typing import Final, cast

from django.core.management import execute_from_command_line

EXAMPLES: Final = Path(__file__).resolve().parent.parent
USER: Final = {
    "id": "olga",
    "email": "olga@back.example",
    "roles": ["Owner"],
    "permissions": ["customers.*", "fe.account-hierarchy.read.*"],  # permissions of this site and of Frontegg
}
PLANS: Final = {
    "features": [{"id": "f-reports", "key": "reports", "name": "Reports"}],
    "plans": [{"id": "team", "name": "Team", "featureIds": ["f-reports"]}],
}


def main() -> None:
    """Run a Django command."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())  # ends the emulator too
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backoffice.settings")
    sys.path.append(str(EXAMPLES))
    from local_emulator import environment_settings  # noqa: PLC0415 - from the directory above, now that it is found

    if sys.argv[1:2] == ["test"]:
        os.chdir(Path(__file__).resolve().parent)  # Django searches for tests below the working directory
    is_ours = not os.environ.get("FRONTEGG_BASE_URL")
    with environment_settings() as address:
        if is_ours:
            password = os.environ.setdefault("ADMIN_PASSWORD", secrets.token_urlsafe(9))
            if "runserver" in sys.argv:
                print(f"Sign in to http://127.0.0.1:8000/ as admin with the password {password}\n")
            fill(address, tells="runserver" in sys.argv)
        execute_from_command_line(sys.argv)


def fill(url: str, *, tells: bool) -> None:
    """Add the accounts of ``examples/data/accounts.csv`` to the emulator, and a user who may read these accounts.

    If ``tells`` is true, print commands that call the API of the site with a token of this user.
    """
    from accounts import read_accounts  # noqa: PLC0415 - as above

    accounts = read_accounts()
    parent = next(account.parent_tenant_id for account in accounts if account.parent_tenant_id)
    tenants = [
        {
            "tenantId": account.tenant_id,
            "name": account.name,
            "metadata": account.metadata,
            "isReseller": account.is_reseller,
            **({"parentTenantId": account.parent_tenant_id} if account.parent_tenant_id else {}),
        }
        for account in accounts
    ]
    assignments = [{"id": "a-1", "planId": "team", "tenantId": parent}]
    ask(
        url,
        "seed",
        {
            "tenants": tenants,
            "users": [{**USER, "tenantId": parent}],
            "tables": {**PLANS, "planAssignments": assignments},
        },
    )
    if tells:
        token = ask(url, "user-tokens", {"email": USER["email"], "tenantId": parent})["accessToken"]
        for path in ("customers", "features", "report"):
            print(f"curl -H 'Authorization: Bearer {token}' http://127.0.0.1:8000/api/{path}/\n")


def ask(url: str, verb: str, body: object) -> dict[str, str]:
    """Call the emulator's admin API."""
    request = urllib.request.Request(
        f"{url}/_emulator/v1/{verb}", json.dumps(body).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=30) as response:
        return cast("dict[str, str]", json.load(response))


if __name__ == "__main__":
    main()
