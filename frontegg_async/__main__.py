"""``python -m frontegg_async``: the command line; without arguments, an overview of the package."""

from __future__ import annotations

import sys
from importlib import metadata
from importlib.util import find_spec
from typing import Final

from frontegg_async._version import __version__

_EXTRAS: Final = (
    ("emulator, jwt", ("cryptography",), "the emulator, the pytest fixtures, and the verification of tokens"),
    ("fastapi", ("fastapi", "cryptography"), "frontegg_async.integrations.fastapi"),
    ("django", ("django", "cryptography"), "frontegg_sync.integrations.django"),
    ("cli", ("click", "rich", "platformdirs", "keyring", "yaml"), "the command line: frontegg --help"),
    ("distributed", ("psycopg", "procrastinate"), "ledgers of bulk work in PostgreSQL, for several machines"),
    ("mirror", ("sqlalchemy", "alembic", "psycopg", "aiosqlite"), "accounts in a database of your own"),
    ("entitlements", ("re2",), "decisions on features, made locally"),
    ("redis", ("redis", "cryptography"), "tokens and rate limits that the processes of a fleet share"),
    ("openfeature", ("openfeature",), "features as flags of OpenFeature"),
    ("mcp", ("mcp", "cryptography"), "servers for AI assistants by the official SDK of MCP"),
    ("otel", ("opentelemetry",), "spans and metrics by OpenTelemetry"),
    ("notebook", ("pandas", "matplotlib", "ipykernel", "ipywidgets", "tqdm"), "what the examples' notebooks need"),
)
"""The names of extras, with the modules that each installs and its purpose."""


def overview() -> str:
    """Return the overview as text."""
    extras = "\n".join(
        f"  {name:14} {'installed' if all(map(find_spec, modules)) else 'missing':10} {purpose}"
        for name, modules, purpose in _EXTRAS
    )
    addresses = (each.partition(", ") for each in metadata.metadata("frontegg-async").get_all("Project-URL") or ())
    links = "".join(f"  {label:14} {address}\n" for label, _, address in addresses)
    return f"""\
frontegg-async {__version__}: the Python SDK for Frontegg's accounts (tenants) API.

  frontegg_async   for asyncio:  async with AsyncFrontegg.from_env() as frontegg: ...
  frontegg_sync    blocking:     with Frontegg.from_env() as frontegg: ...

  python -m frontegg_async.emulator --demo     an emulator of the service with data and a dashboard
  python -m frontegg_async.emulator --help     its options

Extras, as in pip install 'frontegg-async[emulator]':

{extras}

{links}"""


if __name__ == "__main__":
    if sys.argv[1:]:
        from frontegg_async.cli import main

        main()
    sys.stdout.write(overview().rstrip() + "\n")
