"""Read the claims of a user token without verifying the token. Only messages and local checks use the claims."""

from __future__ import annotations

import base64
import re
from datetime import UTC, datetime
from typing import Final, cast

import msgspec

from frontegg_async._core.auth.numeric_dates import seconds_of
from frontegg_async._values.secret import Secret
from frontegg_async.errors import ConfigurationError
from frontegg_async.regions import EMULATED, BaseUrl

MAX_LENGTH: Final = 16 * 1024
"""The greatest length of a token, in characters."""

_JWT: Final = re.compile(r"[A-Za-z0-9_-]+\.([A-Za-z0-9_-]+)\.[A-Za-z0-9_-]*", re.ASCII)


class _Payload(msgspec.Struct, rename="camel"):
    type: object = None
    tenant_id: object = None
    tenant_ids: object = None
    aud: object = None
    exp: object = None


class TokenFacts(msgspec.Struct, frozen=True):
    """Unverified claims of a token.

    Args:
        tenant_id: The tenant of the token.
        tenant_ids: The tenants of the user, without tenants that the user reaches only through the hierarchy.
        expires_at: The time at which the token expires, in seconds of the epoch.
        is_emulated: Whether an emulator issued the token.
    """

    tenant_id: str | None
    tenant_ids: tuple[str, ...]
    expires_at: float | None
    is_emulated: bool

    def hint(self, now: float) -> str:
        """Return a hint about the token for the message of an error when the service refuses a call.

        Args:
            now: The current time by the clock of this machine, in seconds of the epoch.
        """
        said: list[str] = []
        if self.tenant_id is not None:
            others = f" of {', '.join(map(_line, self.tenant_ids[:_SHOWN]))}" if len(self.tenant_ids) > 1 else ""
            said.append(f"the user token is for tenant {_line(self.tenant_id)}{others}")
        if self.expires_at is not None and self.expires_at <= now:
            moment = datetime.fromtimestamp(self.expires_at, UTC).isoformat(timespec="seconds")
            said.append(f"it expired at {moment} by this machine's clock: get a new token")
        return ", and ".join(said)


_SHOWN: Final = 5
_LONGEST: Final = 256


def _line(text: str) -> str:
    """Return a text without line breaks, so that a forged token cannot forge lines of a log."""
    return (text if text.isprintable() else ascii(text))[:_LONGEST]


def parse_user_token(token: object, setting: str) -> tuple[Secret, TokenFacts]:
    """Return a user token as a secret, and its unverified claims.

    Args:
        token: The token, as the application passed it.
        setting: The name of the setting with the token, for messages.

    Raises:
        ConfigurationError: The token is not a JWT, or the token belongs to an environment.
    """
    found = _read(token)
    # Keep the token out of this frame, which is part of an error's traceback.
    del token
    if isinstance(found, str):
        raise ConfigurationError(f"{setting} {found}")
    return found


def facts_of(token: str) -> TokenFacts | None:
    """Return the unverified claims of a token, or ``None`` if the token is not a JWT."""
    claims = _claims(token)
    return None if claims is None else _facts(claims)


def _read(token: object) -> tuple[Secret, TokenFacts] | str:
    """Return the token and its claims, or a text that describes the problem."""
    if not isinstance(token, str):
        return f"must be a user's JWT as text, not {type(token).__name__}"
    text = token.strip()
    if text[:7].lower() == "bearer ":
        return "must be the JWT alone, without 'Bearer'"
    if len(text) > MAX_LENGTH:
        return f"must have at most {MAX_LENGTH} characters"
    claims = _claims(text)
    if claims is None:
        return "must be a user's JWT: three parts of base64url with dots between them, and the second part is JSON"
    if claims.type == "vendor":
        return "is an environment's token: pass the token of a user"
    return Secret(text), _facts(claims)


def _claims(text: str) -> _Payload | None:
    matched = _JWT.fullmatch(text)
    if matched is None:
        return None
    part = matched.group(1)
    try:
        return msgspec.json.decode(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)), type=_Payload)
    except (ValueError, RecursionError):
        return None


def _facts(claims: _Payload) -> TokenFacts:
    tenant_ids = cast("list[object]", held) if isinstance(held := claims.tenant_ids, list) else []
    return TokenFacts(
        tenant_id=claims.tenant_id if isinstance(claims.tenant_id, str) else None,
        tenant_ids=tuple(each for each in tenant_ids if isinstance(each, str)),
        expires_at=seconds_of(claims.exp),
        is_emulated=isinstance(claims.aud, str) and claims.aud.startswith(EMULATED),
    )


def check_user_host(base_url: BaseUrl, setting: str, *, is_emulated: bool, allow_http: bool) -> None:
    """Raise an error if the credential of a user must not be sent to this address.

    Args:
        base_url: The address.
        setting: The name of the setting that contains the credential, for messages.
        is_emulated: Whether an emulator issued the credential.
        allow_http: Whether ``http`` is allowed for addresses other than loopback.

    Raises:
        ConfigurationError: The address is ``http`` and not on loopback, and ``allow_http`` is false or the credential
            does not belong to an emulator. Or an emulator's credential would be sent to Frontegg.
    """
    if base_url.is_frontegg and is_emulated:
        raise ConfigurationError(
            f"{setting} is a credential of an emulator, which is not sent to frontegg.com: set base_url"
        )
    if base_url.origin.startswith("https://") or base_url.is_loopback:
        return
    if base_url.is_frontegg or not allow_http or not is_emulated:
        raise ConfigurationError(
            "base_url must be https; http is allowed on loopback, and on other hosts except frontegg.com only with "
            "allow_http=True and a credential of an emulator"
        )
