"""Add the refusals of guarded routes to the OpenAPI document of an app: 401 and 403, with problem details."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final, cast

from frontegg_async.integrations.problems import CONTENT_TYPE

SCHEMA: Final = "FronteggProblem"
"""The name of the schema of problem details in the document."""

_PROBLEM: Final = {
    "title": SCHEMA,
    "description": "What is wrong with a request (RFC 9457).",
    "type": "object",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": {"type": "string", "description": "Always about:blank."},
        "title": {"type": "string", "description": "The name of the status."},
        "status": {"type": "integer", "description": "The HTTP status."},
        "detail": {"type": "string", "description": "A description of the problem for people."},
        "code": {"type": "string", "description": "The name of the problem for programs."},
        "outcome": {"type": "string", "description": "Whether a write had its effect."},
        "feature": {"type": "string", "description": "The feature that the account may not use."},
        "reason": {
            "type": "string",
            "description": "The reason why the account may not use the feature: missing_feature or bundle_expired.",
        },
    },
}
_METHODS: Final = frozenset({"get", "put", "post", "delete", "options", "head", "patch", "trace"})
_REFUSALS: Final[Mapping[str, str]] = {
    "401": "There is no token, or the token is not accepted.",
    "403": "The token lacks a permission or a role.",
}


def add_refusals(
    document: dict[str, object], schemes: Collection[str], features: Mapping[tuple[str, str], Sequence[str]]
) -> None:
    """Add the refusals of guarded operations to a document. Responses that the app describes itself stay.

    Args:
        document: The OpenAPI document to change.
        schemes: The names of the security schemes that guard an operation.
        features: The features that operations require, by path and method.
    """
    paths = cast("dict[str, dict[str, Any]]", document.get("paths", {}))
    operations = {(path, method): found[method] for path, found in paths.items() for method in found.keys() & _METHODS}
    guarded = {
        key: operation
        for key, operation in operations.items()
        if any(name in schemes for each in operation.get("security", ()) for name in each)
    }
    for key, operation in guarded.items():
        for status, description in _refusals(features.get(key, ())).items():
            schema = {"$ref": f"#/components/schemas/{SCHEMA}"}
            refusal = {"description": description, "content": {CONTENT_TYPE: {"schema": schema}}}
            operation["responses"].setdefault(status, refusal)
    if guarded:
        components = cast("dict[str, dict[str, object]]", document.setdefault("components", {}))
        components.setdefault("schemas", {}).setdefault(SCHEMA, _PROBLEM)


def _refusals(features: Sequence[str]) -> Mapping[str, str]:
    """Return the descriptions of refusals, by status."""
    if not features:
        return _REFUSALS
    names = ", ".join(map(repr, dict.fromkeys(features)))
    return {
        **_REFUSALS,
        "403": f"The token lacks a permission or a role, or its account is not entitled to {names}.",
        "503": f"It is not known at the moment whether the account is entitled to {names}.",
    }
