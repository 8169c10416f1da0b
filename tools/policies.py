"""The modules that hold the policies: their branches are covered whole, and their tests are tested by mutants."""

from __future__ import annotations

from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
PACKAGE: Final = "frontegg_async"
MODULES: Final = (
    *(f"wire/{name}.py" for name in ("retries", "budget", "ratelimit", "paths", "convert", "log")),
    *(f"fleet/{name}.py" for name in ("rates", "standby", "tokens")),
    *sorted(f"auth/{path.name}" for path in (ROOT / PACKAGE / "auth").glob("*.py")),
)
"""Below the package."""

_CLIENT: Final = (
    *("access_token_verifier", "access_tokens", "calls", "frames", "session", "session_edges", "sessions", "signed_in"),
    *("tenants", "token_outage", "token_sources", "token_verifier", "tokens", "transport", "user", "user_emulator"),
    *("functions", "limits", "rotation"),
)
TESTS: Final = (
    *(f"tests/core/{path.name}" for path in sorted((ROOT / "tests" / "core").glob("test_*.py"))),
    *(f"tests/fleet/test_{name}.py" for name in ("standby", "shared_token", "rates")),
    *(f"tests/client/test_{name}.py" for name in _CLIENT),
)
"""The tests that hold them, those without a network first."""


def included() -> str:
    """Return the modules as coverage takes them."""
    return ",".join(f"{PACKAGE}/{module}" for module in MODULES)
