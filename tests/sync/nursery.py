"""A program that becomes scenarios in forks of itself, as ``tests.sync.processes`` asks.

Run it as ``python -m tests.sync.nursery NUMBER``, with the number of a socket.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import socket
import sys

from tests.sync.processes import WIDTH

for _module in (
    "aiohttp",
    "anyio._backends._asyncio",
    "frontegg_async.client",
    "frontegg_sync.client",
    "tests.entitlements.scenarios",
    "tests.sync.async_scenarios",
    "tests.sync.scenarios",
    "tests.sync.signal_scenarios",
    "tests.sync.user_scenarios",
    "tests.sync.verifier_scenarios",
):
    importlib.import_module(_module)
gc.freeze()  # each program would search at its end what was imported, which takes longer than all that it does


def main(number: int) -> None:
    """Answer each request by the id of a program, and by its status when it ended."""
    with socket.socket(fileno=number) as asked:
        while True:
            request, files, _, _ = socket.recv_fds(asked, 65_536, 2)
            if not request:
                return
            pid = os.fork()
            if not pid:
                break
            for file in files:
                os.close(file)
            asked.send(f"{pid:{WIDTH}}".encode())
            _, status = os.waitpid(pid, 0)
            asked.send(f"{os.waitstatus_to_exitcode(status):{WIDTH}}".encode())
    os.setsid()
    for file, place in zip(files, (1, 2), strict=True):
        os.dup2(file, place)
        os.close(file)
    module, scenario, variables = json.loads(request)
    os.environ.update(variables)
    getattr(sys.modules[module], scenario)()


if __name__ == "__main__":
    main(int(sys.argv[1]))
