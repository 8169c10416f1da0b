"""Check the arguments of a decision, and return its subject."""

from __future__ import annotations

from collections.abc import Mapping

from frontegg_async._core.checks.arguments import check_id
from frontegg_async._values.kinds import kind_of
from frontegg_async.entitlements.subject import Subject
from frontegg_async.errors import InvalidArgumentError
from frontegg_async.models.claims import Claims


def subject_of(
    claims: Claims | Mapping[str, object] | None,
    attributes: Mapping[str, object] | None,
    tenant_id: str | None,
    user_id: str | None,
) -> Subject:
    """Return the subject of a decision.

    Args:
        claims: The claims of a token.
        attributes: Additional attributes for targeting rules.
        tenant_id: The id of the account, if ``claims`` is ``None``.
        user_id: The id of the user, if ``claims`` is ``None``.

    Raises:
        InvalidArgumentError: An argument is not allowed, or two arguments exclude each other.
    """
    if attributes is not None and not isinstance(attributes, Mapping):
        raise InvalidArgumentError(f"attributes must be a mapping of names to values, not {kind_of(attributes)}")
    if claims is None:
        return _without_token(attributes, tenant_id, user_id)
    if not isinstance(claims, Claims | Mapping):
        raise InvalidArgumentError(
            f"claims must be Claims, or a mapping of the claims of a verified token, not {kind_of(claims)}"
        )
    for name, value in (("tenant_id", tenant_id), ("user_id", user_id)):
        if value is not None:
            raise InvalidArgumentError(f"claims and {name} exclude each other: claims contain the account and the user")
    return Subject.of(claims, attributes)


def _without_token(attributes: Mapping[str, object] | None, tenant_id: str | None, user_id: str | None) -> Subject:
    if tenant_id is None:
        raise InvalidArgumentError("claims or tenant_id must be given: a decision needs an account")
    check_id(tenant_id, "tenant_id")
    if user_id is not None:
        check_id(user_id, "user_id")
    return Subject(tenant_id, user_id, None, attributes)


def check_key(value: object, argument: str) -> None:
    """Check the key of a feature or a permission.

    Raises:
        InvalidArgumentError: The key is not text, or is empty.
    """
    if not isinstance(value, str):
        raise InvalidArgumentError(f"{argument} must be a key as text, not {kind_of(value)}")
    if not value:
        raise InvalidArgumentError(f"{argument} must not be empty")
