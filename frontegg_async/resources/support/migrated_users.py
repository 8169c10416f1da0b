"""The bodies of requests that migrate users, and the removal of the users' secrets from errors."""

from __future__ import annotations

import functools
import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Final, TypeVar

import attrs

from frontegg_async._core.call import failures
from frontegg_async._core.call.caller import Caller
from frontegg_async._core.checks import arguments
from frontegg_async._core.http.urls import RedactedQuery
from frontegg_async._core.runtime.tracebacks import without_frames
from frontegg_async._values.json_values import JsonValue, parse_json_text
from frontegg_async._values.secret import Secret, reveal
from frontegg_async.endpoints import users as endpoints
from frontegg_async.errors import FronteggError, InvalidArgumentError
from frontegg_async.models.user_migrations import PasswordHashType, PhoneNumberType, UserMigration, UserToMigrate
from frontegg_async.models.users import User
from frontegg_async.resources.support.creations import Created
from frontegg_async.resources.support.invited_users import check_picture, json_text
from frontegg_async.resources.support.read_back import same_json, shows
from frontegg_async.resources.support.role_keys import optional_roles

E = TypeVar("E", bound=FronteggError)

_PROVIDERS: Final = ("local", "saml", "google", "github", "facebook", "microsoft", "scim2", "slack", "apple")
_SECRETS: Final = ("password", "password_hash", "password_hash_config", "mfa_secret")
_SHORT: Final = 4
"""The smallest length of a secret that is replaced in a text. Shorter secrets occur in many ordinary words."""
_HIDDEN: Final = "the text of the service is not shown, because it may contain a secret"
_LONGEST_CONFIG: Final = 4_095
_LONGEST_USERNAME: Final = 128
_SHOWN: Final = ("name", "phone_number", "profile_picture_url", "metadata", "external_id")
"""The sent fields that identify a migrated user."""


@without_frames
def migration(user: UserToMigrate, place: str = "") -> UserMigration:
    """Return the body of the request that migrates a user. Error messages never quote values that may be secret.

    Args:
        user: The user.
        place: The prefix of argument names in messages.

    Raises:
        InvalidArgumentError: A field of the user is not allowed.
    """
    arguments.check_id(user.tenant_id, f"{place}tenant_id")
    arguments.check_email(user.email, f"{place}email")
    for name in (*_SECRETS, "name", "username", "external_id", "phone_number"):
        value: object = getattr(user, name)
        if value is not None:
            arguments.check_text(reveal(value), f"{place}{name}")
    _check_hash(user, place)
    if user.username is not None and len(user.username) > _LONGEST_USERNAME:
        raise InvalidArgumentError(f"{place}username must have at most {_LONGEST_USERNAME} characters")
    if user.provider not in (None, *_PROVIDERS):
        raise InvalidArgumentError(f"{place}provider must be one of {', '.join(_PROVIDERS)}")
    check_picture(user.profile_picture_url, place)
    body = UserMigration(
        tenant_id=user.tenant_id,
        email=user.email,
        name=user.name,
        password=_text(user.password),
        password_hash=_text(user.password_hash),
        password_hash_type=_hash_type(user.password_hash_type, f"{place}password_hash_type"),
        password_hash_config=_text(user.password_hash_config),
        authenticator_app_mfa_secret=_text(user.mfa_secret),
        phone_number=user.phone_number,
        phone_number_type=None
        if user.phone_number_type is None
        else arguments.check_member(user.phone_number_type, PhoneNumberType, f"{place}phone_number_type"),
        profile_picture_url=user.profile_picture_url,
        provider=user.provider,
        metadata=_json(user.metadata, f"{place}metadata"),
        vendor_metadata=_json(user.vendor_metadata, f"{place}vendor_metadata"),
        role_ids=optional_roles(user.role_ids, None, names=(f"{place}role_ids", "")),
        external_id=user.external_id,
        username=user.username,
        verify_user=user.verify,
    )
    if not isinstance(user.verify, bool | None):
        raise InvalidArgumentError(f"{place}verify must be True or False")
    return body


def _check_hash(user: UserToMigrate, place: str) -> None:
    """Refuse a password together with a hash, a hash without a type, and hash parameters that are not a JSON object."""
    if user.password is not None and user.password_hash is not None:
        raise InvalidArgumentError(f"give either {place}password or {place}password_hash, not both")
    if (user.password_hash is None) is not (user.password_hash_type is None):
        raise InvalidArgumentError(f"give {place}password_hash and {place}password_hash_type together")
    if user.password_hash_config is None:
        return
    argument = f"{place}password_hash_config"
    if user.password_hash is None:
        raise InvalidArgumentError(f"{argument} is allowed only together with {place}password_hash")
    if len(user.password_hash_config.reveal()) > _LONGEST_CONFIG:
        raise InvalidArgumentError(f"{argument} must have at most {_LONGEST_CONFIG:,} characters")
    if not isinstance(parse_json_text(user.password_hash_config.reveal()), dict):
        raise InvalidArgumentError(f"{argument} must be the text of a JSON object")


def _hash_type(value: object, argument: str) -> PasswordHashType | None:
    """Return the type of a hash. The error does not quote the value, because a caller may pass the hash by mistake."""
    known = {each.value: each for each in PasswordHashType}
    if value is None:
        return None
    if isinstance(value, str) and (found := known.get(value.replace("_", "-"))) is not None:
        return found
    raise InvalidArgumentError(f"{argument} must be one of {', '.join(known)}")


def _text(secret: Secret | None) -> str | None:
    return None if secret is None else secret.reveal()


def _json(value: Mapping[str, JsonValue] | None, argument: str) -> str | None:
    return None if value is None else json_text(value, argument)


def migrated(caller: Caller, body: UserMigration) -> Created[User, User, User]:
    """Return a check that reads a user by e-mail address, and whether the user was migrated to the requested tenant.

    Args:
        caller: Makes the reads.
        body: The body of the migration.
    """

    def agrees(user: User) -> bool:
        shown = UserMigration(
            tenant_id=body.tenant_id, email=body.email, **{name: getattr(body, name) for name in _SHOWN}
        )
        return shows(user, shown) and (
            body.vendor_metadata is None or same_json(parse_json_text(body.vendor_metadata), user.vendor_metadata)
        )

    return Created(
        caller,
        endpoints.GET_BY_EMAIL,
        body,
        lambda user: (user,) if body.tenant_id in user.tenant_ids else (),
        lambda user: user,
        lambda user: user.id,
        is_unique=False,
        agrees=agrees,
        query=RedactedQuery((("email", body.email),)),
    )


def without_secrets(error: E, *users: UserMigration) -> E:
    """Remove the secrets of users from an error. The service may quote secrets in its response.

    Args:
        error: The error of the call.
        users: The bodies that were sent.
    """
    secrets = secrets_of(users)
    details = error.details
    body = None if details.response is None else details.response.body
    texts = (*details.messages, *details.codes, *(() if body is None else (repr(body), *texts_of(body))))
    cut = (*details.messages, body) if isinstance(body, str) else details.messages
    is_hidden = any(secret in text for secret in secrets for text in texts if len(secret) < _SHORT) or (
        bool(secrets) and any(len(text) >= failures.MAX_TEXT for text in cut)
    )
    if not is_hidden and not any(secret in text for secret in secrets for text in (error.message, *texts)):
        return error
    messages = (_HIDDEN,) if is_hidden else tuple(redacted(text, secrets) for text in details.messages)
    codes = () if is_hidden else tuple(redacted(text, secrets) for text in details.codes)
    changed = attrs.evolve(
        details,
        messages=messages,
        code=codes[0] if codes else None,
        codes=codes,
        response=details.response and attrs.evolve(details.response, body=None),
    )
    # The error's text contains the beginnings of messages, which may end in the middle of a secret.
    said = failures.said(details.messages)
    message = error.message.replace(said, failures.said(messages)) if said else error.message
    return error.fresh(changed, _replaced(message, secrets))


def secrets_of(users: Iterable[UserMigration]) -> tuple[str, ...]:
    """Return the secrets of users, plain and JSON-escaped. Longer ones come first: they may contain shorter ones."""
    found = {form for user in users for secret in _secrets(user) for form in _forms(secret)}
    return tuple(sorted(found, key=len, reverse=True))


def _secrets(user: UserMigration) -> Iterator[str]:
    """Yield the secrets of a user, and the texts in the parameters of the user's password hash."""
    config = user.password_hash_config
    for secret in (user.password, user.password_hash, config, user.authenticator_app_mfa_secret):
        if secret:
            yield secret
    if config:
        yield from (part for part in texts_of(parse_json_text(config)) if len(part) >= _SHORT)


def _forms(secret: str) -> Iterator[str]:
    """Yield a secret in three forms: unchanged, escaped for JSON, and escaped twice for JSON text inside of JSON."""
    yield secret
    for is_ascii in (True, False):
        escaped = json.dumps(secret, ensure_ascii=is_ascii)[1:-1]
        yield escaped
        yield json.dumps(escaped, ensure_ascii=is_ascii)[1:-1]


def texts_of(value: JsonValue) -> Iterator[str]:
    """Yield all strings in a JSON value.

    Args:
        value: The JSON value.
    """
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from texts_of(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from texts_of(each)


def redacted(text: str, secrets: Collection[str]) -> str:
    """Return a text of the service, with the secrets replaced by a placeholder.

    If the text contains a short secret, the whole text is replaced. Otherwise the gaps in ordinary words would reveal
    the secret.

    Args:
        text: The text.
        secrets: The secrets, longest first.
    """
    if any(len(secret) < _SHORT and secret in text for secret in secrets):
        return _HIDDEN
    return _replaced(text, secrets)


def _replaced(text: str, secrets: Iterable[str]) -> str:
    return functools.reduce(
        lambda shown, secret: shown.replace(secret, "[secret]") if len(secret) >= _SHORT else shown, secrets, text
    )
