"""The policy modules: their tests cover all branches and are themselves tested by mutation."""

from __future__ import annotations

from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
PACKAGE: Final = "frontegg_async"
MODULES: Final = (
    *(f"_core/call/{name}.py" for name in ("log", "rate_limits", "retries", "retry_budget")),
    *(f"fleet/{name}.py" for name in ("circuit_breaker", "rates", "tokens")),
    *sorted(f"_core/auth/{path.name}" for path in (ROOT / PACKAGE / "_core" / "auth").glob("*.py")),
    "_core/codec/reader.py",
    "_core/http/urls.py",
)
"""Paths relative to the package."""

_CLIENT: Final = (
    *("access_token_verifier", "access_tokens", "calls", "frames", "session", "session_edges", "sessions", "signed_in"),
    *("tenants", "token_outage", "token_sources", "token_verifier", "tokens", "transport", "user", "user_emulator"),
    *("functions", "limits", "rotation"),
)
TESTS: Final = (
    *(f"tests/core/{path.name}" for path in sorted((ROOT / "tests" / "core").glob("test_*.py"))),
    *(f"tests/fleet/test_{name}.py" for name in ("circuit_breaker", "tokens", "rates")),
    *(f"tests/client/test_{name}.py" for name in _CLIENT),
)
"""The tests of the policies, those without a network first."""


def included() -> str:
    """Return the modules in the form of coverage's ``--include``."""
    return ",".join(f"{PACKAGE}/{module}" for module in MODULES)
