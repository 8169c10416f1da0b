"""An MCP server that cannot change accounts: AI assistants read, and propose plans that people apply."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from frontegg_async.mcp.http import accounts_server
    from frontegg_async.mcp.service import Limits
__all__ = ["Limits", "accounts_server"]
_LAZY: Final = {"Limits": "frontegg_async.mcp.service", "accounts_server": "frontegg_async.mcp.http"}


def __getattr__(name: str) -> object:
    module = _LAZY.get(name)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(importlib.import_module(module), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
