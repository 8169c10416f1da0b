"""Show in the OpenAPI document of an app that its guarded routes refuse requests: 401 and 403, with problem details."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final, cast

from frontegg_async.integrations.problems import CONTENT_TYPE

SCHEMA: Final = "FronteggProblem"
"""The name of the schema of problem details among the components of the document."""

_PROBLEM: Final = {
    "title": SCHEMA,
    "description": "What is wrong with a request (RFC 9457).",
    "type": "object",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": {"type": "string", "description": "Always about:blank."},
        "title": {"type": "string", "description": "The name of the status."},
        "status": {"type": "integer", "description": "The HTTP status."},
        "detail": {"type": "string", "description": "What the problem is, for people."},
        "code": {"type": "string", "description": "What the problem is, in one word for programs."},
        "outcome": {"type": "string", "description": "Whether a write had its effect."},
    },
}
_METHODS: Final = frozenset({"get", "put", "post", "delete", "options", "head", "patch", "trace"})
_REFUSALS: Final[Mapping[str, str]] = {
    "401": "There is no token, or it is not accepted.",
    "403": "The token lacks a permission or a role.",
}


def add_refusals(document: dict[str, object], schemes: Collection[str]) -> None:
    """Add the responses with which guarded operations refuse requests; those that the app describes itself stay.

    Args:
        document: The OpenAPI document, which is changed.
        schemes: The names of the security schemes that guard an operation.
    """
    paths = cast("dict[str, dict[str, Any]]", document.get("paths", {}))
    operations = [path[method] for path in paths.values() for method in path.keys() & _METHODS]
    guarded = [
        operation
        for operation in operations
        if any(name in schemes for each in operation.get("security", ()) for name in each)
    ]
    for operation in guarded:
        for status, description in _REFUSALS.items():
            schema = {"$ref": f"#/components/schemas/{SCHEMA}"}
            refusal = {"description": description, "content": {CONTENT_TYPE: {"schema": schema}}}
            operation["responses"].setdefault(status, refusal)
    if guarded:
        components = cast("dict[str, dict[str, object]]", document.setdefault("components", {}))
        components.setdefault("schemas", {}).setdefault(SCHEMA, _PROBLEM)
