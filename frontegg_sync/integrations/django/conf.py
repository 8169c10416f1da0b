"""The setting ``FRONTEGG``: its keys, its problems, and the arguments of clients."""

from __future__ import annotations

import difflib
import inspect
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final, TypeVar, cast

import attrs
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string

from frontegg_async._core.checks.settings import is_set, read_only_by
from frontegg_async._values.secret import hide
from frontegg_async.client import AsyncFrontegg
from frontegg_async.entitlements.entitlements import AsyncEntitlements
from frontegg_async.errors import ConfigurationError, MissingExtraError
from frontegg_async.fleet.rates import RateGate
from frontegg_async.fleet.tokens import TokenStore
from frontegg_async.integrations.request_credentials import types_of
from frontegg_async.models.claims import ACCESS_TYPES
from frontegg_async.options import Options, resolve_options
from frontegg_async.verification.access_token_verifier import AsyncAccessTokenVerifier
from frontegg_async.verification.token_verifier import AsyncTokenVerifier

T = TypeVar("T")

SETTING: Final = "FRONTEGG"
"""The name of the setting."""

_REQUIRED: Final = ("CLIENT_ID", "SECRET")
_HIDDEN: Final = frozenset({"SECRET", "JWT_SECRET", "PROXY"})
_OF_CLIENT: Final = {
    "CLIENT_ID": "client_id",
    "SECRET": "secret",
    "REGION": "region",
    "BASE_URL": "base_url",
    "DOMAIN": "domain",
    "PREFIX": "prefix",
    "ENVIRONMENT_ID": "environment_id",
    "PROXY": "proxy",
    "SSL": "ssl",
    "TRUST_ENV": "trust_env",
    "MAX_CONNECTIONS": "max_connections",
    "ALLOW_HTTP": "allow_http",
    "OPTIONS": "options",
    "APP": "app",
    "TOKEN_STORE": "token_store",
    "RATE_GATE": "rate_gate",
    "ON_REQUEST": "on_request",
    "ON_RESPONSE": "on_response",
}
_OF_VERIFIER: Final = {
    "AUDIENCE": "audience",
    "DOMAIN": "domain",
    "REGION": "region",
    "ISSUER": "issuer",
    "JWKS_URL": "jwks_url",
    "PUBLIC_KEY": "public_key",
    "JWT_SECRET": "secret",
    "LEEWAY": "leeway",
    "CLOCK": "clock",
    "ALLOW_HTTP": "allow_http",
    "PROXY": "proxy",
    "SSL": "ssl",
    "TRUST_ENV": "trust_env",
    "APP": "app",
}
_OF_ACCESS_VERIFIER: Final = {
    "AUDIENCE": "audience",
    "ISSUER": "issuer",
    "PUBLIC_KEY": "public_key",
    "JWT_SECRET": "secret",
    "LEEWAY": "leeway",
    "CLOCK": "clock",
    "ALLOW_HTTP": "allow_http",
    "ACCESS_TOKEN_TTL": "ttl",
}
_VERIFY: Final = ("lazy", "eager")
KEYS: Final = tuple(
    dict.fromkeys((*_OF_CLIENT, *_OF_VERIFIER, *_OF_ACCESS_VERIFIER, "TOKEN_TYPES", "VERIFY", "ENTITLEMENTS"))
)
"""The keys that the setting may have."""

_READ_ONLY: Final = "FRONTEGG_READ_ONLY"
_OPTIONS: Final = tuple(inspect.signature(Options).parameters)
_OF_ENTITLEMENTS: Final = tuple(inspect.signature(AsyncEntitlements).parameters)[1:]
_PARTS: Final = {"OPTIONS": _OPTIONS, "ENTITLEMENTS": _OF_ENTITLEMENTS}
"""The keys whose values are dicts of arguments, with the names of the arguments."""

_SUBJECTS: Final = re.compile(r"[a-z_]+(?: and [a-z_]+)*")


@attrs.frozen(kw_only=True)
class SettingProblem:
    """A problem of the setting, for a system check."""

    id: str
    message: str
    hint: str | None = None
    is_missing: bool = False
    """Whether a value is missing. This matters only when the value is used, for example not while an image is built."""


def find_problems() -> list[SettingProblem]:
    """Return the problems of the setting, without any network access."""
    given = _given()
    if given is None:
        return [
            SettingProblem(
                id="frontegg.E001",
                message=f"The setting {SETTING} must be a dict, with {' and '.join(_REQUIRED)} at least.",
                hint=f'{SETTING} = {{"CLIENT_ID": ..., "SECRET": ..., "DOMAIN": "app-acme"}}',
                is_missing=getattr(settings, SETTING, None) is None,
            )
        ]
    found = [*_unknown(given), *_missing(given)]
    return found or list(_malformed(given))


def client_arguments() -> dict[str, object]:
    """Return the arguments for clients, with secrets hidden.

    Raises:
        ImproperlyConfigured: The setting is missing or has a wrong key. The message names the key.
    """
    return _client_arguments(_checked(), makes=True)


def verifier_arguments() -> dict[str, object]:
    """Return the arguments for token verifiers, with secrets hidden.

    Raises:
        ImproperlyConfigured: The setting is missing or has a wrong key, or does not name the issuer of tokens.
    """
    given = _checked()
    if not has_issuer():
        raise ImproperlyConfigured(missing_issuer().message)
    return _verifier_arguments(given)


def access_verifier_arguments() -> dict[str, object]:
    """Return the arguments for access token verifiers, except the client, with secrets hidden.

    Raises:
        ImproperlyConfigured: The setting is missing or has a wrong key, or does not name the issuer of tokens.
    """
    given = _checked()
    if not has_issuer():
        raise ImproperlyConfigured(missing_issuer().message)
    return _access_verifier_arguments(given)


def entitlements_arguments() -> dict[str, object]:
    """Return the arguments for entitlements, except the client.

    Raises:
        ImproperlyConfigured: The setting is missing or has a wrong key. The message names the key.
    """
    return _entitlements_arguments(_checked())


def missing_extra_for_entitlements() -> str | None:
    """Return the command that installs the packages for entitlements; ``None`` if they are installed."""
    if find_problems():
        return None
    try:
        client = apply(AsyncFrontegg, _client_arguments(_given() or {}, makes=False))
        apply(AsyncEntitlements, {"frontegg": client, **entitlements_arguments()})
    except MissingExtraError as error:
        return error.message
    return None


def has_issuer() -> bool:
    """Return whether the setting names the issuer of users' tokens."""
    given = _given() or {}
    return "DOMAIN" in given or "ISSUER" in given


def missing_issuer() -> SettingProblem:
    """Return the problem that the issuer of users' tokens is not configured."""
    return SettingProblem(
        id="frontegg.E005",
        message=f"The setting {SETTING} has neither DOMAIN nor ISSUER, and tokens are verified.",
        hint='Give "DOMAIN": "app-acme", your sub-domain, or "ISSUER", the address where your users sign in.',
        is_missing=True,
    )


def is_eager() -> bool:
    """Return whether tokens are verified when their request arrives, instead of on first use."""
    return (_given() or {}).get("VERIFY") == "eager"


def types_of_bearer_tokens() -> tuple[str, ...] | None:
    """Return the accepted types of tokens in ``Authorization``; ``None`` for all."""
    return types_of(_token_types(), ACCESS_TYPES, inside=False)


def types_of_access_tokens() -> tuple[str, ...] | None:
    """Return the accepted types of tokens in ``x-api-key``; ``None`` for both."""
    return types_of(_token_types(), ACCESS_TYPES, inside=True)


def _token_types() -> tuple[str, ...] | None:
    types = (_given() or {}).get("TOKEN_TYPES")
    return None if types is None else tuple(dict.fromkeys(cast("Iterable[str]", types)))


def given_value(key: str) -> object:
    """Return the value of a key of the setting; ``None`` if it is not set."""
    return (_given() or {}).get(key)


def deadline() -> float | None:
    """Return the deadline of a call in seconds.

    Raises:
        ConfigurationError: The options are malformed.
    """
    return resolve_options(_options((_given() or {}).get("OPTIONS"))).deadline


def _given() -> dict[str, object] | None:
    """Return the setting without ``None`` values. Secrets are hidden, because tracebacks would show them."""
    if not isinstance(getattr(settings, SETTING, None), Mapping):
        return None
    return {
        str(key): hide(value) if key in _HIDDEN else value
        for key, value in cast("Mapping[object, object]", getattr(settings, SETTING)).items()
        if value not in (None, "")
    }


def _checked() -> dict[str, object]:
    problems = find_problems()
    if problems:
        raise ImproperlyConfigured(" ".join(filter(None, (problems[0].message, problems[0].hint))))
    return _given() or {}


def _unknown(given: Mapping[str, object]) -> Iterator[SettingProblem]:
    for key in given:
        if key not in KEYS:
            yield _no_such(f"The setting {SETTING} has no {key!r}.", _nearest(key, KEYS), KEYS)
    for key, known in _PARTS.items():
        part = given.get(key)
        for name in cast("Mapping[object, object]", part) if isinstance(part, Mapping) else ():
            if name not in known:
                yield _no_such(f'{SETTING}["{key}"] has no {name!r}.', _nearest(str(name), known), known)


def _no_such(message: str, nearest: str | None, known: Iterable[str]) -> SettingProblem:
    hint = f"Did you mean {nearest!r}?" if nearest else f"It may have {', '.join(known)}."
    return SettingProblem(id="frontegg.E002", message=message, hint=hint)


def _nearest(key: str, known: Iterable[str]) -> str | None:
    by_letters = {_letters(each): each for each in known}
    matches = difflib.get_close_matches(_letters(key), by_letters, 1, 0.55)
    return by_letters[matches[0]] if matches else None


def _letters(key: str) -> str:
    return key.lower().replace("_", "").replace("-", "").removeprefix("frontegg")


def _missing(given: Mapping[str, object]) -> Iterator[SettingProblem]:
    for key in _REQUIRED:
        if key not in given:
            yield SettingProblem(
                id="frontegg.E003",
                message=f'{SETTING}["{key}"] is not set.',
                hint=f'It usually comes from os.environ["FRONTEGG_{_VARIABLES.get(key, key)}"].',
                is_missing=True,
            )


_VARIABLES: Final = {"SECRET": "SECRET_KEY"}


def _malformed(given: Mapping[str, object]) -> Iterator[SettingProblem]:
    if "VERIFY" in given and given["VERIFY"] not in _VERIFY:
        yield _wrong(f'{SETTING}["VERIFY"] must be {" or ".join(map(repr, _VERIFY))}.')
    types = given.get("TOKEN_TYPES", ("any",))
    # Refuse an iterator, which can be read only once: the setting is read for each client.
    if (
        isinstance(types, str | Iterator)
        or not isinstance(types, Iterable)
        or not _are_texts(cast("Iterable[object]", types))
    ):
        yield _wrong(f'{SETTING}["TOKEN_TYPES"] must be a list of types of tokens, as ["userToken"].')
    if isinstance(given.get("AUDIENCE"), Iterator):
        yield _wrong(f'{SETTING}["AUDIENCE"] must be a client id or a list of ids.')
        return
    if not isinstance(given.get("OPTIONS", {}), Mapping | Options):
        yield _wrong(f'{SETTING}["OPTIONS"] must be a dict, as {{"timeout": 3, "deadline": 10}}.')
        return
    try:
        client = apply(AsyncFrontegg, _client_arguments(given, makes=False))
    except ConfigurationError as error:
        yield _wrong(_in_words_of_settings(error.message, _OF_CLIENT))
        return
    yield from _malformed_entitlements(given, client)
    if "DOMAIN" in given or "ISSUER" in given:
        try:
            apply(AsyncTokenVerifier, _verifier_arguments(given))
            apply(AsyncAccessTokenVerifier, {"client": client, **_access_verifier_arguments(given)})
        except ConfigurationError as error:
            yield _wrong(_in_words_of_settings(error.message, {**_OF_VERIFIER, **_OF_ACCESS_VERIFIER}))
        except MissingExtraError as error:
            yield _wrong(f"{error.message}.")


def _malformed_entitlements(given: Mapping[str, object], client: AsyncFrontegg) -> Iterator[SettingProblem]:
    if "ENTITLEMENTS" not in given:
        return
    if not isinstance(given["ENTITLEMENTS"], Mapping):
        yield _wrong(f'{SETTING}["ENTITLEMENTS"] must be a dict, as {{"max_age": 3600}}.')
        return
    try:
        apply(AsyncEntitlements, {"frontegg": client, **_entitlements_arguments(given)})
    except ConfigurationError as error:
        yield _wrong(_in_words_of_settings(error.message, {}))
    except MissingExtraError as error:
        yield _wrong(f"{error.message}.")


def _are_texts(values: Iterable[object]) -> bool:
    found = list(values)
    return bool(found) and all(isinstance(each, str) and each for each in found)


def _wrong(message: str) -> SettingProblem:
    return SettingProblem(id="frontegg.E004", message=message)


def _in_words_of_settings(message: str, keys: Mapping[str, str]) -> str:
    """Replace names of arguments in an error message by keys of the setting."""
    names = {name: f'{SETTING}["{key}"]["{name}"]' for key, part in _PARTS.items() for name in part}
    names |= {name: f'{SETTING}["{key}"]' for key, name in keys.items()}
    begin = _SUBJECTS.match(message)
    subjects = "" if begin is None else begin[0]
    rest = message[len(subjects) :].replace("allow_http=True", f'{SETTING}["ALLOW_HTTP"] = True')
    return " and ".join(names.get(name, name) for name in subjects.split(" and ")) + rest + "."


def apply(kind: Callable[..., T], arguments: Mapping[str, object]) -> T:
    """Call a function with untyped arguments. They were checked before, or the function checks them."""
    return kind(**arguments)


def _client_arguments(given: Mapping[str, object], *, makes: bool) -> dict[str, object]:
    found = {name: given[key] for key, name in _OF_CLIENT.items() if key in given}
    if "options" in found:
        found["options"] = _options(found["options"])
    if is_set(_READ_ONLY, os.environ):
        found["options"] = read_only_by(_READ_ONLY, cast("Options | None", found.get("options")))
    for name, kind in (("token_store", TokenStore), ("rate_gate", RateGate)):
        if name in found:
            found[name] = _made(found[name], kind, name, makes=makes)
    for name in ("on_request", "on_response"):
        if name in found:
            found[name] = _imported(found[name], name)
    return found


def _verifier_arguments(given: Mapping[str, object]) -> dict[str, object]:
    found = {name: given[key] for key, name in _OF_VERIFIER.items() if key in given}
    if "issuer" in found:
        found.pop("domain", None)
    if "BASE_URL" in given:
        found.pop("region", None)
    found.setdefault("audience", given["CLIENT_ID"])
    if "clock" in found:
        found["clock"] = _imported(found["clock"], "clock")
    return found


def _access_verifier_arguments(given: Mapping[str, object]) -> dict[str, object]:
    found = {name: given[key] for key, name in _OF_ACCESS_VERIFIER.items() if key in given}
    found.setdefault("audience", given["CLIENT_ID"])
    if "clock" in found:
        found["clock"] = _imported(found["clock"], "clock")
    return found


def _entitlements_arguments(given: Mapping[str, object]) -> dict[str, object]:
    found = dict(cast("Mapping[str, object]", given.get("ENTITLEMENTS", {})))
    if "on_event" in found:
        found["on_event"] = _imported(found["on_event"], "on_event")
    return found


def _options(value: object) -> Options:
    if not isinstance(value, Mapping):
        return Options() if value is None else cast("Options", value)
    return apply(Options, cast("Mapping[str, object]", value))


def _imported(value: object, name: str) -> object:
    """Import a dotted path; return anything else unchanged."""
    if not isinstance(value, str):
        return value
    try:
        return import_string(value)
    except ImportError as error:
        failure = str(error)
    raise ConfigurationError(f"{name} cannot be imported: {failure}")


def _made(value: object, kind: type, name: str, *, makes: bool) -> object:
    """Return a store. If the value is a factory, call it, or return ``None`` with ``makes=False``."""
    found = _imported(value, name)
    if isinstance(found, kind) or not callable(found):
        return found
    return found() if makes else None
