"""Run the app: ``python examples/aiohttp_app``. It needs no account and no settings.

The program starts its own emulator, unless ``FRONTEGG_BASE_URL``, ``FRONTEGG_CLIENT_ID`` and ``FRONTEGG_SECRET_KEY``
name an environment.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from aiohttp import web

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # the folder of the examples

from aiohttp_app.app import create_app
from frontegg_async import JsonValue
from frontegg_async.emulator import Emulator

SEED: Final[dict[str, JsonValue]] = {
    "tenants": [
        {"tenantId": "north", "name": "North Distribution", "isReseller": True, "metadata": '{"plan": "trial"}'},
        {"tenantId": "kiosk-7", "name": "Kiosk 7", "parentTenantId": "north"},
        {"tenantId": "cafe-ost", "name": "Café Ost", "parentTenantId": "north"},
    ],
    "users": [
        {
            "id": "ada",
            "email": "ada@north.example",
            "tenantId": "north",
            "roles": ["Owner"],
            "permissions": ["fe.account-hierarchy.*"],
        }
    ],
}


@contextlib.contextmanager
def environment() -> Iterator[str | None]:
    """Start an emulator, set the environment variables for it, and yield a token of the account's owner.

    If ``FRONTEGG_BASE_URL`` is set already, change nothing and yield ``None``.
    """
    if os.environ.get("FRONTEGG_BASE_URL"):
        yield None
        return
    with Emulator(seed=SEED) as emulator:
        os.environ["FRONTEGG_BASE_URL"] = emulator.url
        os.environ["FRONTEGG_CLIENT_ID"] = emulator.client_id
        os.environ["FRONTEGG_SECRET_KEY"] = emulator.secret
        yield emulator.user_token(tenant_id="north", email="ada@north.example", roles=["Owner"]).access_token


def main() -> None:
    """Serve until Ctrl-C."""
    parser = argparse.ArgumentParser(prog="python examples/aiohttp_app", description="Run the aiohttp example.")
    parser.add_argument("--port", type=int, default=8080, help="the port; 0 for any free port (default: 8080)")
    port: int = parser.parse_args().port
    with environment() as token, socket.create_server(("127.0.0.1", port)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        print(f"Serving {url}")
        if token is not None:
            print(f"\nThe owner of North Distribution has this token:\n\nTOKEN={token}")
            print(f'curl -H "Authorization: Bearer $TOKEN" {url}/tree')
            print(f'curl -H "Authorization: Bearer $TOKEN" -X PUT -d team {url}/account/plan')
        print("\nCtrl-C ends it.", flush=True)
        web.run_app(create_app(), sock=listener, print=None)


if __name__ == "__main__":
    main()
