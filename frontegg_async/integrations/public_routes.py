"""Public routes of an aiohttp app: the requests that `verified_users` accepts without a token.

In a resource's canonical path, aiohttp drops the regular expression of a path parameter. Resources of different
sub-apps may also have the same path. A path of several resources could make a protected resource public, and is
refused.
"""

from __future__ import annotations

import weakref
from collections.abc import Collection, Iterator
from typing import Final, TypeAlias

from aiohttp import web
from aiohttp.typedefs import Middleware

from frontegg_async.errors import ConfigurationError, InvalidArgumentError
from frontegg_async.integrations.problems import logger

_Identity: TypeAlias = tuple[object, ...]


class PublicRoutes:
    """The public routes of a middleware.

    Args:
        paths: The canonical paths of the routes: ``/health``, ``/invitations/{code}``.

    Raises:
        InvalidArgumentError: ``paths`` is a string, or is not a collection of strings.
    """

    def __init__(self, paths: Collection[str]) -> None:
        if isinstance(paths, str):
            raise InvalidArgumentError("public must be a collection of routes, such as ['/health'], and not a text")
        self._paths = frozenset(paths)
        if not all(isinstance(path, str) for path in self._paths):
            raise InvalidArgumentError("public may only have paths of routes, such as '/health'")
        self._checked: weakref.WeakSet[web.Application] = weakref.WeakSet()

    def include(self, request: web.Request) -> bool:
        """Return whether a request needs no token: its route is public, or it matches no route.

        Args:
            request: A request.

        Raises:
            ConfigurationError: The path of its route belongs to more than one resource.
        """
        match = request.match_info
        if match.http_exception is not None:
            return True  # 404 and 405 need no protection
        resource = match.route.resource
        if resource is None or resource.canonical not in self._paths:
            return False
        # Resources can be added until the app serves, so the check at startup may have missed a resource.
        if request.app not in self._checked:
            self.check(request.app)
            self._checked.add(request.app)
        return True

    def check(self, app: web.Application) -> frozenset[str]:
        """Refuse a path that belongs to more than one resource of an app and its sub-apps.

        Args:
            app: The app that has the middleware.

        Returns:
            The paths that no resource has.

        Raises:
            ConfigurationError: A path belongs to several resources. The message names the resources.
        """
        found: dict[str, dict[_Identity, str]] = {}
        for part in parts_of(app):
            for resource in part.router.resources():
                if resource.canonical in self._paths and added_app(resource) is None:
                    found.setdefault(resource.canonical, {})[_identity(part, resource)] = _description(resource)
        for path, resources in found.items():
            if len(resources) > 1:
                raise ConfigurationError(
                    f"public has {path!r}, which belongs to {len(resources)} resources: "
                    f"{', '.join(resources.values())}; rename a path parameter of the resource that is not public, or "
                    "give this resource another path"
                )
        return self._paths - found.keys()


_OF_MIDDLEWARES: Final[weakref.WeakKeyDictionary[Middleware, PublicRoutes]] = weakref.WeakKeyDictionary()


def remember(middleware: Middleware, routes: PublicRoutes) -> None:
    """Register the public routes of a middleware for `check_app`.

    Args:
        middleware: A middleware.
        routes: Its public routes.
    """
    _OF_MIDDLEWARES[middleware] = routes


def check_app(app: web.Application) -> None:
    """Check the public routes of all middlewares of an app and its sub-apps. Log routes that no resource has.

    Args:
        app: An app that starts.

    Raises:
        ConfigurationError: A public path belongs to more than one resource.
    """
    unused: dict[PublicRoutes, frozenset[str]] = {}
    for part in parts_of(app):
        for middleware in part.middlewares:
            routes = _OF_MIDDLEWARES.get(middleware)
            if routes is not None:
                missing = routes.check(part)
                unused[routes] = unused.get(routes, missing) & missing  # several apps may share a middleware
    for path in sorted(frozenset[str]().union(*unused.values())):
        logger.warning("public has %r, and no route has this path: is it misspelled?", path)


def parts_of(app: web.Application) -> Iterator[web.Application]:
    """Yield an app and all its sub-apps, at any depth."""
    yield app
    for resource in app.router.resources():
        inner = added_app(resource)
        if inner is not None:
            yield from parts_of(inner)


def added_app(resource: web.AbstractResource) -> web.Application | None:
    """Return the sub-app of a resource; ``None`` if the resource is not a sub-app."""
    found: object = resource.get_info().get("app")
    return found if isinstance(found, web.Application) else None


def _description(resource: web.AbstractResource) -> str:
    """Describe a resource for a developer: its pattern or directory, and its handlers."""
    info = resource.get_info()
    what = info.get("pattern") or info.get("directory") or type(resource).__name__
    handlers = {getattr(route.handler, "__qualname__", repr(route.handler)) for route in resource}
    return f"{getattr(what, 'pattern', what)} ({', '.join(sorted(handlers))})"


def _identity(app: web.Application, resource: web.AbstractResource) -> _Identity:
    """Return a key that stands for the URLs of a resource. Resources with equal keys match the same URLs.

    A path that is registered twice, for two methods, gives two resources with equal keys.
    """
    info = resource.get_info()
    pattern = info.get("pattern")
    if pattern is not None:
        return (id(app), "dynamic", pattern.pattern)
    if isinstance(resource, web.StaticResource):
        return (id(app), "static")
    if isinstance(resource, web.PlainResource):
        return (id(app), "plain")
    return (id(app), id(resource))
