"""`RouteTable`: finds the operation of a request by method and path."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Final
from urllib.parse import unquote_to_bytes

import attrs

from frontegg_async.emulator.checks.paths import equal_paths
from frontegg_async.emulator.services.registry import RULES
from frontegg_async.emulator.services.support.request_bodies import Shape, body_shape
from frontegg_async.emulator.services.support.rule import Rule, ignores_unknown_fields
from frontegg_async.endpoints import Auth, Endpoint, all_endpoints

PREFIX: Final = "/frontegg"


def _takes_environment(route: Route) -> bool:
    return Auth.ENVIRONMENT in route.endpoint.auth


def _takes_tenant(route: Route) -> bool:
    return Auth.TENANT in route.endpoint.auth


def _takes_user(route: Route) -> bool:
    return Auth.USER in route.endpoint.auth


def _is_of_team(route: Route) -> bool:
    return ignores_unknown_fields(route.endpoint)


@attrs.frozen(eq=False)
class Route:
    """An operation with the rule that emulates it and the fields of its body."""

    endpoint: Endpoint[object]
    rule: Rule
    shape: Shape | None
    segments: tuple[str, ...]
    takes_environment: bool = attrs.field(default=attrs.Factory(_takes_environment, takes_self=True), init=False)
    """Whether the operation accepts an environment token without a tenant header."""
    takes_tenant: bool = attrs.field(default=attrs.Factory(_takes_tenant, takes_self=True), init=False)
    """Whether the operation accepts an environment token with a tenant header."""
    takes_user: bool = attrs.field(default=attrs.Factory(_takes_user, takes_self=True), init=False)
    ignores_unknown_fields: bool = attrs.field(default=attrs.Factory(_is_of_team, takes_self=True), init=False)
    """Whether unknown fields of the body are ignored, even if the switches of the environment refuse them."""

    @property
    def fixed(self) -> int:
        """The number of segments of the path that are not fields."""
        return sum(not segment.startswith("{") for segment in self.segments)

    def shown(self, path: str) -> str:
        """Return the path of a request for the journal.

        If the path contains a secret, it is the template of the path.
        """
        return self.endpoint.path if self.rule.secret_fields else path


def strip_prefix(raw_path: str) -> tuple[str, bool]:
    """Remove the prefix ``/frontegg`` of self-service hosts from a path.

    Return the path and whether it had the prefix.
    """
    if raw_path.startswith(f"{PREFIX}/"):
        return raw_path.removeprefix(PREFIX), True
    return raw_path, False


def decode(raw: str) -> str | None:
    """Decode the percent encoding of a part of a path. Return ``None`` if the result is not UTF-8."""
    if "%" not in raw:
        return raw
    try:
        return unquote_to_bytes(raw).decode()
    except UnicodeDecodeError:
        return None


class RouteTable:
    """Finds the operation of a request.

    Args:
        endpoints: The operations.
        rules: The rules that emulate the operations, by the names of the operations.

    Raises:
        LookupError: An operation has no rule, or a rule has no operation.
    """

    def __init__(self, endpoints: Iterable[Endpoint[object]], rules: Mapping[str, Rule]) -> None:
        declared = {endpoint.name: endpoint for endpoint in endpoints}
        if missing := sorted(declared.keys() ^ rules.keys()):
            raise LookupError(f"every operation must have a rule, and every rule an operation: {', '.join(missing)}")
        self.routes: Final = tuple(_route(endpoint, rules[name]) for name, endpoint in declared.items())
        self._fixed: dict[tuple[str, str], Route] = {}
        self._by_length: dict[tuple[str, int], list[Route]] = {}
        for route in sorted(self.routes, key=lambda route: -route.fixed):
            method = route.endpoint.method
            if route.fixed == len(route.segments):
                self._fixed[method, route.endpoint.path] = route
            else:
                self._by_length.setdefault((method, len(route.segments)), []).append(route)

    def find(self, method: str, raw_path: str) -> tuple[Route, Mapping[str, str]] | None:
        """Return the operation for a method and an encoded path, with the decoded values of the path's fields."""
        route = self._fixed.get((method, raw_path))
        if route is not None:
            return route, {}
        plain = equal_paths(raw_path)[0]
        if plain != raw_path:
            return self.find(method, plain)
        segments: list[str | None] = [*raw_path.split("/")[1:]]
        if "%" in raw_path:
            segments = [segment and decode(segment) for segment in segments]
        for candidate in self._by_length.get((method, len(segments)), ()):
            fields = _match(candidate, segments)
            if fields is not None:
                return candidate, fields
        found = self.find(method, fewer) if (fewer := _without_extra_slash(raw_path)) != raw_path else None
        return found if found is not None and found[0].rule.takes_slash else None

    def shown(self, path: str) -> str:
        """Return the path of a request that matches no operation, for the journal.

        Secrets in the path are hidden even if the method is wrong or the path has one extra slash.
        """
        segments = [segment for segment in path.split("/") if segment]
        for route in self.routes:
            if route.rule.secret_fields and _match(route, segments) is not None:
                return route.endpoint.path
        return path

    def nearest(self, method: str, path: str) -> str:
        """Return the method and path of the operation that is most similar to the method and path of a request."""
        known = [f"{route.endpoint.method} {route.endpoint.path}" for route in self.routes]
        return difflib.get_close_matches(f"{method} {path}", known, n=1, cutoff=0.0)[0]


def _without_extra_slash(raw_path: str) -> str:
    """Remove one extra slash, at the end or doubled, from a path. A path with several extra slashes stays unchanged."""
    if raw_path.endswith("//"):
        return raw_path
    fewer = raw_path.removesuffix("/") if raw_path.endswith("/") else raw_path.replace("//", "/", 1)
    return raw_path if "//" in fewer else fewer


def _route(endpoint: Endpoint[object], rule: Rule) -> Route:
    return Route(endpoint, rule, body_shape(endpoint, rule), tuple(endpoint.path.split("/")[1:]))


def _match(route: Route, segments: Sequence[str | None]) -> dict[str, str] | None:
    fields: dict[str, str] = {}
    if len(segments) != len(route.segments):
        return None
    for wanted, given in zip(route.segments, segments, strict=True):
        if wanted.startswith("{"):
            if not given:
                return None
            fields[wanted[1:-1]] = given
        elif wanted != given:
            return None
    return fields


@cache
def route_table() -> RouteTable:
    """Return the table of all operations. All emulators of a process share the table, since it does not change."""
    return RouteTable(all_endpoints(), RULES)
