"""The system checks of the setting ``FRONTEGG``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.core.checks import Warning as Caution
from django.core.exceptions import ImproperlyConfigured
from django.urls import URLResolver, get_resolver
from django.views import View

from frontegg_async.errors import ConfigurationError
from frontegg_async.integrations.guards import guards_of, no_entitlements, no_parameter
from frontegg_async.regions import EMULATED, parse_base_url
from frontegg_sync.integrations.django import conf

LONGEST: Final = 30.0
"""Seconds that servers and proxies usually wait for a response."""

_METHODS: Final = ("dispatch", *View.http_method_names)
_VERIFYING: Final = "frontegg_sync.integrations.django.middleware.FronteggMiddleware"
_CACHING: Final = "django.middleware.cache.UpdateCacheMiddleware"


def check_settings(app_configs: Sequence[AppConfig] | None = None, **_: object) -> list[CheckMessage]:
    """Check that the setting exists, has the required keys, and has no unknown or malformed keys.

    A missing value is a warning, so that commands such as ``migrate`` run without credentials.

    Args:
        app_configs: The apps to check. The setting is the same for all apps.

    Returns:
        The problems. ``frontegg.E001`` is for a setting that is not a dict, ``E002`` for an unknown key, and ``E004``
        for a value that is not allowed. ``E006`` is for a cache that would serve the page of one caller to another
        caller. ``W003`` is for a missing setting, and for a missing key or issuer to verify tokens against.
    """
    del app_configs
    return [
        Caution(each.message, hint=each.hint, id="frontegg.W003") if each.is_missing else _error(each)
        for each in (*_of_setting(), *_mixing_cache())
    ]


def _of_setting() -> list[conf.SettingProblem]:
    problems = conf.find_problems()
    if not problems and _VERIFYING in settings.MIDDLEWARE and not conf.has_issuer():
        return [conf.missing_issuer()]
    return problems


def _error(problem: conf.SettingProblem) -> CheckMessage:
    return Error(problem.message, hint=problem.hint, id=problem.id)


def check_guards(app_configs: Sequence[AppConfig] | None = None, **_: object) -> list[CheckMessage]:
    """Check that the guard of each view can check its requests.

    Args:
        app_configs: The apps to check. The URLs are the same for all apps.

    Returns:
        The problems. ``frontegg.E007`` is for a view with ``require(own_tenant=...)`` without this path parameter, and
        ``E008`` for a view with ``require(feature=...)`` without the extra for entitlements.
    """
    del app_configs
    if not getattr(settings, "ROOT_URLCONF", None):
        return []
    try:
        return list(_unreadable(get_resolver(), frozenset(), ""))
    except ImproperlyConfigured:  # there are no URLs; Django's own check reports this
        return []


def _unreadable(resolver: URLResolver, outer: frozenset[str], prefix: str) -> Iterator[CheckMessage]:
    for each in resolver.url_patterns:
        route = f"{prefix}{each.pattern}"
        known = outer | each.pattern.regex.groupindex.keys()
        if isinstance(each, URLResolver):
            yield from _unreadable(each, known | each.default_kwargs.keys(), route)
            continue
        known |= each.default_args.keys()
        guards = [*guards_of(each.callback), *guards_of(getattr(each.callback, "view_class", None), _METHODS)]
        for permission in getattr(getattr(each.callback, "cls", None), "permission_classes", ()):  # a view of DRF
            guards += guards_of(permission)
        for name in dict.fromkeys(guard.own_tenant for guard in guards):
            if name is not None and name not in known:
                hint = "Name a parameter of the path, which is the id of a tenant."
                yield Error(f"{no_parameter(name, f'the path {route!r}', known)}.", hint=hint, id="frontegg.E007")
        features = tuple(dict.fromkeys(feature for guard in guards for feature in guard.feature))
        missing = conf.missing_extra_for_entitlements() if features else None
        if missing is not None:
            yield Error(f"{no_entitlements(features, f'the path {route!r}', missing)}.", id="frontegg.E008")


def check_deployment(app_configs: Sequence[AppConfig] | None = None, **_: object) -> list[CheckMessage]:
    """Check for settings that only suit development, for ``manage.py check --deploy``.

    Args:
        app_configs: The apps to check. The setting is the same for all apps.

    Returns:
        The problems. ``frontegg.E001`` is for a missing setting, ``E003`` for a missing key, and ``E005`` for a missing
        issuer to verify tokens against. ``W001`` is for an emulator instead of the service, and ``W002`` for calls that
        may take longer than servers wait.
    """
    del app_configs
    missing = [_error(each) for each in _of_setting() if each.is_missing]
    return missing if conf.find_problems() else [*missing, *_emulated(), *_patient()]


def _mixing_cache() -> list[conf.SettingProblem]:
    """Find a cache that stores responses before ``Vary`` is set."""
    order = list(settings.MIDDLEWARE)
    if _VERIFYING not in order or _CACHING not in order or order.index(_CACHING) < order.index(_VERIFYING):
        return []
    message = "MIDDLEWARE has FronteggMiddleware before UpdateCacheMiddleware, which then mixes the pages of callers."
    return [conf.SettingProblem(id="frontegg.E006", message=message, hint="Put UpdateCacheMiddleware first.")]


def _emulated() -> list[CheckMessage]:
    address = conf.given_value("BASE_URL")
    is_emulated = str(conf.given_value("CLIENT_ID")).startswith(EMULATED)
    if not is_emulated and isinstance(address, str):
        is_emulated = parse_base_url(address).is_loopback
    if not is_emulated:
        return []
    hint = "Give the client id and the secret of an environment, and no BASE_URL."
    return [Caution(f"The setting {conf.SETTING} leads to an emulator.", hint=hint, id="frontegg.W001")]


def _patient() -> list[CheckMessage]:
    try:
        seconds = conf.deadline()
    except ConfigurationError:
        return []
    if seconds is not None and seconds <= LONGEST:
        return []
    taken = "without end" if seconds is None else f"{seconds:g} s"
    return [
        Caution(
            f"A call may take {taken}, and servers usually wait {LONGEST:g} s for a response.",
            hint=f'{conf.SETTING}["OPTIONS"] = {{"timeout": 3, "deadline": 10}}',
            id="frontegg.W002",
        )
    ]
