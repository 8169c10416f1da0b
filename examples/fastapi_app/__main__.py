"""Run the app: ``python examples/fastapi_app``. It needs no account and no settings.

The program starts its own emulator, unless ``FRONTEGG_BASE_URL``, ``FRONTEGG_CLIENT_ID`` and ``FRONTEGG_SECRET_KEY``
name an environment.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import secrets
import signal
import socket
import sys
from collections.abc import Generator
from pathlib import Path
from typing import Final

import uvicorn

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # the folder of the examples

from fastapi_app import sample
from fastapi_app.app import create_app
from frontegg_async.emulator import Emulator

EVENTS: Final = tuple(f"frontegg.tenant.{each}" for each in ("created", "updated", "locked", "unlocked", "deleted"))
"""The events about accounts."""


@contextlib.contextmanager
def environment(url: str) -> Generator[str | None]:
    """Start an emulator, set the environment variables for it, and yield a token of the account's owner.

    If ``FRONTEGG_BASE_URL`` is set already, change nothing and yield ``None``.

    Args:
        url: The address of the app. The emulator sends webhooks there.
    """
    if os.environ.get("FRONTEGG_BASE_URL"):
        yield None
        return
    with Emulator(seed=sample.seed()) as emulator:
        secret = os.environ.setdefault("WEBHOOK_SECRET", secrets.token_urlsafe(32))
        with emulator.client() as frontegg:
            frontegg.webhooks.of_environment.create(url=f"{url}/webhooks/frontegg", secret=secret, event_keys=EVENTS)
        os.environ["FRONTEGG_BASE_URL"] = emulator.url
        os.environ["FRONTEGG_CLIENT_ID"] = emulator.client_id
        os.environ["FRONTEGG_SECRET_KEY"] = emulator.secret
        yield emulator.user_token(tenant_id="north", email=sample.OWNER["email"]).access_token


def main() -> None:
    """Serve until Ctrl-C."""
    parser = argparse.ArgumentParser(prog="python examples/fastapi_app", description="Run the FastAPI example.")
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (default: 127.0.0.1)")
    parser.add_argument("--port", type=int, default=8000, help="the port; 0 for any free port (default: 8000)")
    arguments = parser.parse_args()
    given = os.environ.get("ADMIN_PASSWORD")
    password = given or secrets.token_urlsafe(9)
    # After SIGTERM, uvicorn shuts down and raises the signal again.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    with contextlib.ExitStack() as stack:
        listener = stack.enter_context(socket.create_server((arguments.host, arguments.port)))
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        token = stack.enter_context(environment(url))
        app = create_app(admin_password=password)
        print(f"Start page:  {url}/")
        print(f"Admin page:  {url}/admin  (user: admin, password: {'ADMIN_PASSWORD' if given else password})")
        print(f"API:         {url}/docs")
        if token is not None:
            print(f"\nThe owner of North Distribution has this token:\n\nTOKEN={token}")
            for path in ("accounts", "plan", "report"):
                print(f'curl -H "Authorization: Bearer $TOKEN" {url}/{path}')
        print("\nCtrl-C ends it.", flush=True)
        with contextlib.suppress(KeyboardInterrupt):  # uvicorn raises it again after its shutdown
            uvicorn.Server(uvicorn.Config(app, log_level="warning")).run(sockets=[listener])


if __name__ == "__main__":
    main()
