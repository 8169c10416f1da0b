"""A bare aiohttp.web application that responds with given bytes, in a process of its own.

The first line of its standard input is JSON: the bodies by path. It prints its address as one line of JSON, and exits
when its standard input is closed.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable, Mapping

from aiohttp import web

from benchmarks.performance import rounds

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def _answering(body: bytes) -> Handler:
    async def handler(_: web.Request) -> web.Response:
        return web.Response(body=body, content_type="application/json")

    return handler


async def serve(bodies: Mapping[str, str]) -> None:
    """Respond to each path with its body until the standard input is closed."""
    app = web.Application()
    for path, body in bodies.items():
        app.router.add_get(path, _answering(body.encode()))
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    print(json.dumps({"url": f"http://{host}:{port}"}), flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    await runner.cleanup()


def main() -> None:
    """Serve on the second core."""
    rounds.pin(1)
    asyncio.run(serve(json.loads(sys.stdin.readline())))


if __name__ == "__main__":
    main()
