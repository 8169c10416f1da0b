"""Compare the declared operations with official OpenAPI descriptions, which are not part of this project.

Usage: ``python tools/descriptions.py DIRECTORY``. The script prints one line per difference. The last line counts the
described operations that are declared.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import attrs
import yaml

ROOT: Final = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from frontegg_async._values.fields import sent_model, wire_name  # noqa: E402 - likewise
from frontegg_async.endpoints import Auth, Endpoint, all_endpoints  # noqa: E402 - of this checkout

METHODS: Final = frozenset({"get", "post", "put", "patch", "delete"})
TENANT_HEADER: Final = "frontegg-tenant-id"


@dataclass(frozen=True)
class Described:
    """An operation in a description, with its names in the HTTP request."""

    method: str
    path: str
    statuses: frozenset[int]
    fields: frozenset[str]
    query: frozenset[str]
    has_tenant_header: bool

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def key(self) -> tuple[str, str]:
        """The method and the path that identify the operation, independent of the names of path parameters."""
        return self.method, re.sub(r"\{[^}]*\}", "{}", self.path)


def read(directory: Path) -> list[Described]:
    """Return the operations of all descriptions in a directory.

    Raises:
        ValueError: The directory has no description.
    """
    files = sorted(path for path in directory.iterdir() if path.suffix in {".yml", ".yaml", ".json"})
    if not files:
        raise ValueError(f"there is no OpenAPI description in {directory}")
    return [each for path in files for each in operations(yaml.safe_load(path.read_text(encoding="utf-8")))]


def operations(document: Mapping[str, Any]) -> Iterator[Described]:
    """Yield the operations of a description. Their paths include the prefix of the service."""
    prefix = urlsplit(document["servers"][0]["url"]).path.rstrip("/")
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if method in METHODS:
                yield _described(document, method, prefix + path.rstrip("/"), item, operation)


def _described(
    document: Mapping[str, Any], method: str, path: str, item: Mapping[str, Any], operation: Mapping[str, Any]
) -> Described:
    given = [*item.get("parameters", ()), *operation.get("parameters", ())]
    parameters = [_resolve(document, parameter) for parameter in given]
    content = _resolve(document, operation.get("requestBody", {})).get("content", {})
    schema = content.get("application/json", {}).get("schema", {})
    return Described(
        method=method.upper(),
        path=path,
        statuses=frozenset(int(status) for status in operation.get("responses", {}) if str(status).startswith("2")),
        fields=frozenset(_fields(document, schema)),
        query=frozenset(each["name"] for each in parameters if each.get("in") == "query"),
        has_tenant_header=any(
            each["name"].lower() == TENANT_HEADER for each in parameters if each.get("in") == "header"
        ),
    )


def _resolve(document: Mapping[str, Any], part: Mapping[str, Any]) -> Mapping[str, Any]:
    while "$ref" in part:
        target: Any = document
        for step in part["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        part = target
    return part


def _fields(document: Mapping[str, Any], schema: Mapping[str, Any]) -> Iterator[str]:
    resolved = _resolve(document, schema)
    yield from resolved.get("properties", {})
    if "items" in resolved:
        yield from _fields(document, resolved["items"])
    for name in ("allOf", "anyOf", "oneOf"):
        for part in resolved.get(name, ()):
            yield from _fields(document, part)


def differences(described: Iterable[Described], endpoints: Iterable[Endpoint[object]]) -> Iterator[str]:
    """Yield a line for each difference between the descriptions and the declared operations."""
    declared = {_key(endpoint): endpoint for endpoint in endpoints}
    for operation in described:
        endpoint = declared.get(operation.key)
        if endpoint is None:
            yield str(operation)
        else:
            yield from (f"{operation}: {what}" for what in _differences(operation, endpoint))


def _key(endpoint: Endpoint[object]) -> tuple[str, str]:
    return endpoint.method, re.sub(r"\{[^}]*\}", "{}", endpoint.path)


def _differences(operation: Described, endpoint: Endpoint[object]) -> Iterator[str]:
    if operation.statuses and endpoint.status not in operation.statuses:
        yield f"status {', '.join(map(str, sorted(operation.statuses)))}"
    body, sent = endpoint.body, set[str]()
    if body is not None and attrs.has(body):
        sent = {wire_name(field) for field in attrs.fields(sent_model(body))}
    yield from (f"body field {name}" for name in sorted(operation.fields - sent))
    yield from (f"query parameter {name}" for name in sorted(operation.query - set(endpoint.query)))
    if operation.has_tenant_header and not endpoint.auth & Auth.TENANT:
        yield "tenant header"


def count(described: Iterable[Described], endpoints: Iterable[Endpoint[object]]) -> str:
    """Return a sentence with the number of described operations that are declared."""
    keys = [operation.key for operation in described]
    declared = {_key(endpoint) for endpoint in endpoints}
    return f"declared {sum(key in declared for key in keys)} of {len(keys)}"


def main() -> int:
    """Print the differences. Return 1 if there are no descriptions."""
    parser = argparse.ArgumentParser(description="Compare the declared operations with OpenAPI descriptions.")
    parser.add_argument("directory", type=Path, help="the directory of the descriptions")
    directory: Path = parser.parse_args().directory
    try:
        described = read(directory)
    except (OSError, ValueError, KeyError) as error:
        print(f"descriptions: {error}", file=sys.stderr)
        return 1
    for difference in differences(described, all_endpoints()):
        print(difference)
    print(count(described, all_endpoints()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
