"""Checks of the arguments of SSO operations."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, TypeVar, cast

import attrs

from frontegg_async._core.checks import arguments
from frontegg_async._core.runtime.tracebacks import without_frames
from frontegg_async._values.kinds import kind_of
from frontegg_async._values.unset import UNSET
from frontegg_async.errors import InvalidArgumentError
from frontegg_async.models.sso import SsoType
from frontegg_async.models.sso_writes import SsoConfigurationCreateV1, SsoConfigurationUpdateV1
from frontegg_async.resources.of_tenant.sso.certificates import encode_certificate

B = TypeVar("B", SsoConfigurationCreateV1, SsoConfigurationUpdateV1)

_URLS: Final = ("sso_endpoint", "acs_url")
_CERTIFICATE: Final = "public_certificate"

_LABEL: Final = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_DOMAIN: Final = re.compile(rf"(?=.{{1,253}}\Z)(?:{_LABEL}\.)+(?=[^.]*[A-Za-z]){_LABEL}", re.ASCII)
_MAX_LIMIT: Final = 2**31 - 1


@without_frames
def checked(body: B) -> B:
    """Check the fields of a configuration, and return them with the certificate encoded for the service.

    Raises:
        InvalidArgumentError: A field is not allowed.
    """
    if isinstance(body, SsoConfigurationCreateV1):
        _check_entrance(body)
    for name in _URLS:
        address: object = getattr(body, name)
        if isinstance(address, str):
            arguments.check_url(address, name, example="https://idp.example.com/sso")
    limit = body.sub_account_access_limit
    if limit is not None and limit is not UNSET:
        arguments.check_count(limit, "sub_account_access_limit", least=0, most=_MAX_LIMIT)
    metadata: object = body.config_metadata
    if metadata is not None and metadata is not UNSET:
        arguments.check_mapping(metadata, "config_metadata")
    certificate = body.public_certificate
    if isinstance(certificate, str):
        body = attrs.evolve(body, public_certificate=encode_certificate(certificate, _CERTIFICATE))
    return body


def _check_entrance(body: SsoConfigurationCreateV1) -> None:
    """Refuse an enabled SAML configuration without ``sso_endpoint``. The service is not known to refuse it."""
    if body.enabled is True and body.type is SsoType.SAML and body.sso_endpoint is None:
        raise InvalidArgumentError(
            "sso_endpoint must be given for a SAML configuration with enabled=True, because users sign in there: "
            "omit enabled until you have the address"
        )


@without_frames
def check_domain(value: object, argument: str) -> None:
    """Check the name of a domain.

    Raises:
        InvalidArgumentError: The value is not a domain name: labels of letters, digits and hyphens, separated by dots,
            with at most 253 characters.
    """
    arguments.check_text(value, argument)
    if not _DOMAIN.fullmatch(cast("str", value)):
        raise InvalidArgumentError(
            f"{argument} must be only the name of a domain, such as example.com, without a scheme, a path or a port; "
            "an international name needs its xn-- form"
        )


def check_role_ids(values: object, argument: str) -> tuple[str, ...]:
    """Check the ids of roles, and return each once, in order. The sequence may be empty.

    Raises:
        InvalidArgumentError: The value is a single text or not a sequence, or an item cannot be an id.
    """
    if isinstance(values, str) or not isinstance(values, Iterable):
        raise InvalidArgumentError(f"{argument} must be a sequence of ids, not {kind_of(values)}")
    ids = tuple(cast("Iterable[str]", values))
    return arguments.check_ids(ids, argument) if ids else ()
