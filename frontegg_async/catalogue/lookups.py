"""Look-ups of nouns and methods. Each noun has a module, which is imported at the first look-up."""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping
from typing import Final

from frontegg_async.catalogue.entry import Entry
from frontegg_async.catalogue.index import ENVIRONMENT, USER
from frontegg_async.catalogue.types import Client, Method, Noun

ENTRIES: Final[Mapping[Client, Mapping[str, Entry]]] = {"environment": ENVIRONMENT, "user": USER}
"""For each client, the resources by the name of the client's attribute, in order."""


def noun_at(client: Client, path: str) -> Noun:
    """Return a resource of a client.

    Args:
        client: The client that has the resource or the method.
        path: The path of the resource, such as ``sso.domains``; empty for the methods of the client itself.

    Raises:
        KeyError: The client has no resource or method with this path.
    """
    first, *rest = path.split(".")
    module = ENTRIES[client][first].module if first else f"frontegg_async.catalogue.{client}.client"
    found: Noun = importlib.import_module(module).NOUN
    for name in rest:
        found = {each.path.rpartition(".")[2]: each for each in found.nouns}[name]
    return found


def method_at(client: Client, path: str) -> Method:
    """Return a method of a client.

    Args:
        client: The client that has the resource or the method.
        path: The path of the method, such as ``sso.domains.create``.

    Raises:
        KeyError: The client has no resource or method with this path.
    """
    noun, _, name = path.rpartition(".")
    return {each.name: each for each in noun_at(client, noun).methods}[name]


def methods_in(noun: Noun) -> Iterator[Method]:
    """Yield the methods of a resource, and of the resources within it.

    Args:
        noun: The resource.
    """
    yield from noun.methods
    for each in noun.nouns:
        yield from methods_in(each)


def all_methods(client: Client) -> Iterator[Method]:
    """Yield all methods of a client. This function imports the modules of all nouns.

    Args:
        client: The client.
    """
    for path in ("", *ENTRIES[client]):
        yield from methods_in(noun_at(client, path))


def methods_of(client: Client, operation: str) -> list[Method]:
    """Return the methods of a client that call an operation.

    Args:
        client: The client.
        operation: The name of the operation, such as ``tenants.create``.
    """
    from frontegg_async.catalogue.operations import OPERATIONS  # noqa: PLC0415 - few programs need it

    return [method_at(client, path) for owner, path in OPERATIONS.get(operation, ()) if owner == client]


def columns_of(method: Method) -> tuple[str, ...]:
    """Return the names of the fields of the model that a method returns or yields. Without a model, return no names.

    Args:
        method: The method.
    """
    from frontegg_async.catalogue.models import FIELDS  # noqa: PLC0415 - only this function needs it

    return tuple(FIELDS.get(method.model, "").split())
