"""The FastAPI example as its tests make it: with the credential of an emulator, and with a server if it is called."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from typing import Final

import httpx
import uvicorn
from fastapi import FastAPI
from fastapi_app.app import create_app

from frontegg_async import AsyncFrontegg, AsyncTokenVerifier, Options
from frontegg_async.emulator import EmulatorHandle

PASSWORD: Final = "correct-horse"
WEBHOOK_SECRET: Final = "the secret of a webhook, of thirty-two bytes"
OPERATOR: Final = httpx.BasicAuth("admin", PASSWORD)


def example_app(
    emulator: EmulatorHandle,
    *,
    options: Options | None = None,
    webhook_secret: str | None = None,
    mirror_url: str | None = None,
) -> FastAPI:
    """Return the app of an environment.

    Args:
        emulator: The environment.
        options: The options of its client.
        webhook_secret: The secret of webhooks; without one it receives none.
        mirror_url: The database for its accounts; by default a temporary file.
    """
    return create_app(
        admin_password=PASSWORD,
        client=lambda: AsyncFrontegg(emulator.client_id, emulator.secret, base_url=emulator.url, options=options),
        verifier=lambda _: AsyncTokenVerifier(issuer=emulator.url, audience=emulator.client_id),
        webhook_secret=webhook_secret,
        mirror_url=mirror_url,
    )


@contextlib.contextmanager
def under_uvicorn(app: FastAPI) -> Iterator[str]:
    """Serve an app in a thread; yield its address."""
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()
